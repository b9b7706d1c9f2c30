// Phrases that plain English does not need, each with the words to use instead.

/** A phrase matches in any case, and across the line breaks of prose and comments. */
export const phrases = {
  '(?:that|which|what) (?:is|are) none': 'invalid, missing or unknown',
  '(?<!there )(?:is|are) none': 'missing, unknown, unlimited or disabled',
  'where there (?:is|are) none': 'without one',
  '(?:what|that|which) (?:is|are) no(?! longer)': 'is not a …, or invalid',
  '(?<!there )is no(?! longer| more) [a-z]+': 'is not a …, or invalid',
  'no refusal': 'accepted, or does not reject',
  'be (?:it|they)': 'even if, or whether',
  'in silence': 'silently, or without a message',
  'whoever|whomever': 'the caller, the client or the subscriber',
  whom: 'name the subject: the client, the server',
  'nobody|no one': 'no client, no listener or no caller',
  'somebody|someone': 'a client, a listener or another caller',
  'of (?:its|their) own': 'separate, or own … (“its own port”)',
  'by (?:itself|themselves)': 'alone, separately or automatically',
  '(?:is|are|was|were) told': 'gets, is notified, or was reported',
  'tells (?:which|what|that|who)': 'returns, reports or names',
  'as what': 'how, or the type of',
  'in mid-[a-z]+': 'during',
};

const GAP = String.raw`\s+(?:(?://+|\*|#)\s*)?`;
const rules = Object.entries(phrases).map(([phrase, plain]) => ({
  pattern: new RegExp(`(?<![\\w-])(?:${phrase.replaceAll(' ', GAP)})(?![\\w-])`, 'gi'),
  plain,
}));

/** Returns the phrases in a text: where, which one, and what to write instead. */
export function wordFaults(file, text) {
  return rules.flatMap(({ pattern, plain }) =>
    [...text.matchAll(pattern)].map(({ 0: found, index }) => {
      const line = text.slice(0, index).split('\n').length;
      return `${file}:${line}: "${found.replace(/[\s*/#]+/g, ' ')}": write ${plain}`;
    }),
  );
}
