import { readFileSync } from 'node:fs';
import path from 'node:path';
import { filesUnder, nativeSources } from './files.mjs';
import { inProject } from './project.mjs';
import { Stop } from './run.mjs';

const read = (file) => readFileSync(inProject(file), 'utf8');

/** The files of the project that a TypeScript file names so. */
const filesIn = (file, text, pattern) =>
  [...text.matchAll(pattern)].map(([, other]) => path.posix.join(path.posix.dirname(file), other));
const importsOf = (file, text) => filesIn(file, text, /from '(\.[^']+)'/g);
/** What it loads: an `import type` is none of it. */
const loadsOf = (file, text) => [
  ...filesIn(file, text, /^(?:import|export) (?!type\b)[^;']*from '(\.[^']+)'/gm),
  ...filesIn(file, text, /\bimport\('(\.[^']+)'\)/g),
];

/** What the folders of lib load beside themselves and the files at its top (docs/architecture.md). */
const rings = {
  http1: /^$/,
  diagnostics: /^(websocket\/functions\/websocket-types|winhttp\/response-headers|http1\/blanks)\.ts$/,
  'websocket/functions': /^$/,
  'websocket/connection': /^(diagnostics\/|http1\/|websocket\/functions\/(function-arguments|websocket-types)\.ts$)/,
  'websocket/web': /^(websocket\/connection\/|websocket\/functions\/websocket-types\.ts$)/,
  'websocket/server': /^(websocket\/connection\/|websocket\/functions\/websocket-types\.ts$)/,
  'winhttp/request': /^(diagnostics|winhttp)\//,
  'winhttp/system': /^winhttp\/[\w-]+\.ts$/,
  'winhttp/portable': /^(http1\/|winhttp\/[\w-]+\.ts$)/,
};

const rules = {
  'a file has at most 400 lines': (file, text) => text.split('\n').length <= 401 || /statements?\.json$/.test(file),
  'a header has #pragma once': (file, text) => !file.endsWith('.h') || text.includes('#pragma once'),
  'only native/binding and the probe include <napi.h>': (file, text) =>
    !/^#include <napi\.h>/m.test(text) || /^native\/(binding|test\/probe)\//.test(file),
  'includes point one way: binding, pump, backend, engine, abi': (file, text) => {
    const above = {
      abi: /^#include "(engine|backend|pump|binding)\//m,
      engine: /^#include "(backend|pump|binding)\//m,
      backend: /^#include "(pump|binding)\//m,
      pump: /^#include "binding\//m,
      // What a DLL says of itself is no table.
      winhttp: /^#include "(engine|backend\/(?!windows_file\.h")|pump|binding)\//m,
    }[/^native\/(\w+)\//.exec(file)?.[1]];
    return !above?.test(text);
  },
  'imports of lib go inwards, as the rings of docs/architecture.md': (file, text) => {
    const ring = path.posix.dirname(file).slice('lib/'.length);
    return (
      rings[ring] === undefined ||
      loadsOf(file, text)
        .map((other) => other.slice('lib/'.length))
        .every((other) => other.startsWith(`${ring}/`) || !other.includes('/') || rings[ring].test(other))
    );
  },
  'nothing of lib imports lib/parity but lib/cli': (file, text) =>
    !/^lib\/(?!parity\b|cli\/)/.test(file) || !importsOf(file, text).some((other) => other.startsWith('lib/parity/')),
  'lib/parity imports what users have: the entries, lib/backend.ts, lib/errors.ts and lib/version.ts': (file, text) =>
    !file.startsWith('lib/parity/') ||
    importsOf(file, text).every((other) => /^lib\/parity\/|^lib\/(index|sys|backend|errors|version)\.ts$/.test(other)),
  'lib/version.ts has the version of package.json': (file, text) =>
    file !== 'lib/version.ts' || text.includes(`'${JSON.parse(read('package.json')).version}'`),
  'no focused or skipped test': (file, text) =>
    !file.endsWith('.test.ts') || !/\b(it|test|describe)\.(only|skip|todo|fails)\(/.test(text),
};

/** Rules that no other checker knows. */
export function checkText() {
  const files = ['lib', 'native', 'test', 'scripts', 'examples', 'bench'].flatMap((folder) =>
    filesUnder(folder, ['.ts', '.mjs', '.cc', '.h']),
  );
  const broken = files.flatMap((file) => {
    const text = read(file);
    return Object.keys(rules).flatMap((rule) => (rules[rule](file, text) ? [] : [`${file}: ${rule}`]));
  });
  broken.push(...unlistedSources());
  if (broken.length > 0) throw new Stop(broken.join('\n'));
}

function unlistedSources() {
  const listed = new Set(Object.values(nativeSources()).flat());
  const built = filesUnder('native', ['.cc']).filter((file) => !/^native\/test\/(fuzz|mutate)\//.test(file));
  return built.filter((file) => !listed.has(file)).map((file) => `${file}: is in no list of native/sources.json`);
}
