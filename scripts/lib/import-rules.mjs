// Checks the imports of lib: rooms, cycles and names of files.
import path from 'node:path';

/** Every room, and the entries. */
const ANY = ['*'];

/**
 * The rooms of lib and their allowed imports, including types, beside themselves and the ground (the files at the top
 * of lib). A folder below a room belongs to it. docs/architecture.md has the same table.
 */
export const rooms = {
  http1: [],
  'websocket/functions': [],
  winhttp: ['http1'],
  diagnostics: ['http1', 'websocket/functions', 'winhttp'],
  proxy: ['diagnostics'],
  auth: ['http1', 'diagnostics', 'proxy'],
  tunnel: ['http1', 'proxy', 'auth'],
  forwarder: ['http1', 'auth', 'proxy', 'tunnel'],
  dispatcher: ['http1', 'diagnostics', 'proxy', 'auth', 'tunnel'],
  agent: ['http1', 'diagnostics', 'proxy', 'auth', 'tunnel'],
  install: ['proxy', 'tunnel', 'dispatcher', 'agent'],
  'websocket/connection': ['http1', 'websocket/functions', 'diagnostics', 'proxy', 'auth', 'tunnel'],
  'websocket/server': ['websocket/functions', 'websocket/connection'],
  'websocket/web': ['websocket/functions', 'websocket/connection'],
  'winhttp/system': ['winhttp'],
  'winhttp/portable': ['http1', 'winhttp', 'proxy', 'auth'],
  'winhttp/request': ['winhttp', 'winhttp/system', 'winhttp/portable', 'diagnostics', 'proxy'],
  parity: ['websocket/functions', 'winhttp', 'winhttp/portable', 'winhttp/request', 'proxy', 'auth'],
  cli: ANY,
};

const ENTRY = /^lib\/(index|sys|parity|register)\.ts$/;

/** Returns the room of a file of lib; the empty string for the ground. */
function roomOf(file) {
  const folder = path.posix.dirname(file).slice('lib/'.length);
  const fits = Object.keys(rooms).filter((room) => folder === room || folder.startsWith(`${room}/`));
  return fits.sort((a, b) => b.length - a.length)[0] ?? folder;
}

/** Returns the files that a module imports or re-exports, values and types alike. */
function importsOf(file, text) {
  const names = [...text.matchAll(/(?:\bfrom |\bimport |\bimport\()'(\.[^']+)'/g)].map(([, name]) => name);
  return names.map((name) => path.posix.join(path.posix.dirname(file), name));
}

function isAllowed(file, other) {
  const [from, to] = [roomOf(file), roomOf(other)];
  if (ENTRY.test(file) || rooms[from] === ANY) return true;
  if (ENTRY.test(other)) return false;
  return to === '' || from === to || (rooms[from]?.includes(to) ?? false);
}

/**
 * Returns the first cycle of a graph of files, as a list that starts and ends with the same file; undefined without a
 * cycle.
 */
function cycleIn(graph) {
  const done = new Set();
  const visit = (file, path) => {
    if (path.includes(file)) return [...path.slice(path.indexOf(file)), file];
    if (done.has(file)) return undefined;
    done.add(file);
    for (const other of graph.get(file) ?? []) {
      const cycle = visit(other, [...path, file]);
      if (cycle) return cycle;
    }
    return undefined;
  };
  for (const file of graph.keys()) {
    const cycle = visit(file, []);
    if (cycle) return cycle;
  }
  return undefined;
}

/** Returns the faults of lib's imports: imports in the wrong direction, a cycle, duplicate file names. */
export function importFaults(texts) {
  const graph = new Map([...texts].map(([file, text]) => [file, importsOf(file, text)]));
  const faults = [];
  for (const [file, others] of graph) {
    for (const other of others.filter((name) => !isAllowed(file, name)))
      faults.push(`${file}: may not import ${other}`);
  }
  const cycle = cycleIn(graph);
  if (cycle) faults.push(`a cycle of imports: ${cycle.join(' > ')}`);
  const byName = new Map();
  for (const file of graph.keys()) {
    const name = path.posix.basename(file);
    byName.set(name, [...(byName.get(name) ?? []), file]);
  }
  for (const [name, files] of byName) {
    if (files.length > 1) faults.push(`two files have the name ${name}: ${files.join(', ')}`);
  }
  return faults;
}
