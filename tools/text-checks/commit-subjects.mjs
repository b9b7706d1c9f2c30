// Checks the subjects of new commits: an area, one imperative sentence, at most 72 characters.
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

const MAX_LENGTH = 72;
const SUBJECT = /^[a-z0-9][\w./-]*: (\S.*)$/;
/** First words that are not a verb in the imperative, and imperatives that look like another form. */
const NOT_IMPERATIVE = /^(?:[a-z]+(?:ed|ing)|adds|fixes|makes|removes|updates|uses|the|an?|some|more|new)$/;
const IMPERATIVE = /^(?:bring|string|embed|feed|need|ping|proceed|seed|shed|speed|exceed|succeed)$/;

/** Returns the faults of one subject. */
export function subjectFaults(subject) {
  const faults = [];
  if (subject.length > MAX_LENGTH) faults.push(`has ${subject.length} characters; the maximum is ${MAX_LENGTH}`);
  const [, sentence] = SUBJECT.exec(subject) ?? [];
  if (sentence === undefined) return [...faults, 'needs an area first, such as "engine: reject long control frames"'];
  const verb = sentence.split(/[\s,;:]/)[0].toLowerCase();
  if (NOT_IMPERATIVE.test(verb) && !IMPERATIVE.test(verb))
    faults.push(`begins with "${verb}"; begin with a verb in the imperative, such as "add" or "reject"`);
  if (sentence.includes(';')) faults.push('names several things; make a commit of each');
  if (sentence.endsWith('.')) faults.push('ends with a full stop');
  return faults;
}

/**
 * Returns the new commits as { id, subject }: those of a push that started a CI job, else those that the default branch does
 * not have. Returns undefined if neither is known, as in a shallow clone.
 */
export function newCommits({ folder, env = process.env }) {
  const pushed = env.GITHUB_EVENT_PATH && JSON.parse(readFileSync(env.GITHUB_EVENT_PATH, 'utf8')).commits;
  if (Array.isArray(pushed)) return pushed.map(({ id, message }) => ({ id, subject: message.split('\n')[0] }));
  const git = (...args) => {
    const { status, stdout } = spawnSync('git', args, { cwd: folder, encoding: 'utf8' });
    return status === 0 ? stdout.trim() : undefined;
  };
  const names = [env.GITHUB_BASE_REF && `origin/${env.GITHUB_BASE_REF}`, 'origin/HEAD', 'origin/main', 'main'];
  const bases = names.filter(Boolean).map((name) => git('merge-base', name, 'HEAD'));
  const log = git('log', '--no-merges', '--format=%h %s', `${bases.find(Boolean)}..HEAD`);
  const lines = log?.split('\n').filter(Boolean);
  return lines?.map((line) => ({ id: line.split(' ')[0], subject: line.slice(line.indexOf(' ') + 1) }));
}

/** Returns the faults of all new commits, and a sentence on what was checked. */
export function checkCommits(options) {
  const commits = newCommits(options);
  if (commits === undefined) return { checked: 'no commits checked: where this branch begins is unknown', faults: [] };
  const faults = commits.flatMap(({ id, subject }) =>
    subjectFaults(subject).map((fault) => `${id} "${subject}": ${fault}`),
  );
  return { checked: `${commits.length} new commits checked`, faults };
}
