/** The script of the page: filters, and links to a scenario. Without it the page shows everything. */
export const script = `
const all = [...document.querySelectorAll('details[data-verdict]')];
const buttons = [...document.querySelectorAll('.filters button')];
const search = document.querySelector('.filters input');
const empty = document.querySelector('.empty');
function apply() {
  const shown = new Set(buttons.filter((b) => b.getAttribute('aria-pressed') === 'true').map((b) => b.dataset.verdict));
  const words = search.value.toLowerCase().split(/\\s+/).filter(Boolean);
  for (const one of all) {
    const text = one.dataset.text;
    one.hidden = !shown.has(one.dataset.verdict) || !words.every((word) => text.includes(word));
  }
  for (const section of document.querySelectorAll('section')) section.hidden = !section.querySelector('details:not([hidden])');
  empty.hidden = all.some((one) => !one.hidden);
}
for (const button of buttons) {
  button.addEventListener('click', () => {
    button.setAttribute('aria-pressed', String(button.getAttribute('aria-pressed') !== 'true'));
    apply();
  });
}
search.addEventListener('input', apply);
function follow() {
  const one = document.getElementById(decodeURIComponent(location.hash.slice(1)));
  if (one && one.matches('details')) { one.open = true; one.hidden = false; one.scrollIntoView(); }
}
addEventListener('hashchange', follow);
document.querySelector('.filters').hidden = false;
apply();
follow();
`;
