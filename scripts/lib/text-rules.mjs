// Rules for the text of files that no other checker covers.
import { readFileSync } from 'node:fs';
import { wordFaults } from '../../tools/text-checks/plain-words.mjs';
import { filesUnder, nativeSources } from './files.mjs';
import { importFaults } from './import-rules.mjs';
import { inProject } from './project.mjs';
import { Stop } from './run.mjs';

const read = (file) => readFileSync(inProject(file), 'utf8');

const rules = {
  'a file has at most 400 lines': (file, text) => text.split('\n').length <= 401 || /statements?\.json$/.test(file),
  'a file of lib, scripts or tools begins with a comment that says what it is': (file, text) =>
    !/^(lib|scripts|tools)\//.test(file) || /^(\/\*\*|\/\/|#!)/.test(text),
  'a header has #pragma once': (file, text) => !file.endsWith('.h') || text.includes('#pragma once'),
  'only native/binding and the probe include <napi.h>': (file, text) =>
    !/^#include <napi\.h>/m.test(text) || /^native\/(binding|test\/probe)\//.test(file),
  'includes point one way: binding, pump, backend, engine, abi': (file, text) => {
    const above = {
      abi: /^#include "(engine|backend|pump|binding)\//m,
      engine: /^#include "(backend|pump|binding)\//m,
      backend: /^#include "(pump|binding)\//m,
      pump: /^#include "binding\//m,
      winhttp: /^#include "(engine|pump|binding)\//m,
    }[/^native\/(\w+)\//.exec(file)?.[1]];
    return !above?.test(text);
  },
  'lib/version.ts has the version of package.json': (file, text) =>
    file !== 'lib/version.ts' || text.includes(`'${JSON.parse(read('package.json')).version}'`),
  'lib parses URLs by validUrl: URL.canParse rejects some valid ones in Node 20': (file, text) =>
    !file.startsWith('lib/') || file === 'lib/valid-url.ts' || !text.includes('canParse'),
  'no focused or skipped test': (file, text) =>
    !file.endsWith('.test.ts') || !/\b(it|test|describe)\.(only|skip|todo|fails)\(/.test(text),
};

/** Stops with the faults of all files. */
export function checkText() {
  const files = ['lib', 'native', 'test', 'scripts', 'tools', 'examples', 'bench'].flatMap((folder) =>
    filesUnder(folder, ['.ts', '.mjs', '.cc', '.h']),
  );
  const broken = files.flatMap((file) => {
    const text = read(file);
    return Object.keys(rules).flatMap((rule) => (rules[rule](file, text) ? [] : [`${file}: ${rule}`]));
  });
  broken.push(
    ...importFaults(new Map(filesUnder('lib', ['.ts']).map((file) => [file, read(file)]))),
    ...unlistedSources(),
    ...phrasesToAvoid(),
  );
  if (broken.length > 0) throw new Stop(broken.join('\n'));
}

function unlistedSources() {
  const listed = new Set(Object.values(nativeSources()).flat());
  const built = filesUnder('native', ['.cc']).filter((file) => !/^native\/test\/(fuzz|mutate)\//.test(file));
  return built.filter((file) => !listed.has(file)).map((file) => `${file}: is in no list of native/sources.json`);
}

/** The phrases of the word list in any text of the project, except that list and its tests. */
function phrasesToAvoid() {
  const folders = ['lib', 'native', 'test', 'scripts', 'tools', 'examples', 'bench', 'docs', '.github', '.ci', 'cmake'];
  const endings = ['.ts', '.mjs', '.cc', '.h', '.json', '.md', '.yml', '.gypi', '.cmake'];
  const pages = ['README.md', 'CONTRIBUTING.md', 'SECURITY.md', 'CHANGELOG.md', 'package.json', 'vitest.config.ts'];
  const files = [...pages, ...folders.flatMap((folder) => filesUnder(folder, endings))];
  return files.filter((file) => !file.includes('/text-checks/')).flatMap((file) => wordFaults(file, read(file)));
}
