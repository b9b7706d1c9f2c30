/** The script of the page: filters, and links to scenarios. Without it the page shows everything. */
export const script = `
const all = [...document.querySelectorAll('details[data-verdict]')];
const buttons = [...document.querySelectorAll('.filters button[data-verdict]')];
const toggle = document.querySelector('.filters .toggle');
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
  label();
}
const shownClosed = () => all.filter((one) => !one.hidden && !one.open);
function label() {
  toggle.textContent = shownClosed().length > 0 ? 'Open all' : 'Close all';
}
toggle.addEventListener('click', () => {
  const open = shownClosed().length > 0;
  for (const one of all) if (!one.hidden) one.open = open;
  label();
});
for (const one of all) one.addEventListener('toggle', label);
for (const button of buttons) {
  button.addEventListener('click', () => {
    button.setAttribute('aria-pressed', String(button.getAttribute('aria-pressed') !== 'true'));
    apply();
  });
}
search.addEventListener('input', apply);
addEventListener('keydown', (event) => {
  if (event.key !== '/' || event.ctrlKey || event.metaKey || event.altKey || event.target === search) return;
  event.preventDefault();
  search.focus();
});
function follow() {
  const one = document.getElementById(decodeURIComponent(location.hash.slice(1)));
  if (one && one.matches('details')) { one.open = true; one.hidden = false; one.scrollIntoView(); }
}
addEventListener('hashchange', follow);
document.querySelector('.filters').hidden = false;
apply();
follow();
`;
