/** The packages that a program can load. */
import { readdirSync, readFileSync, realpathSync } from 'node:fs';
import path from 'node:path';

export interface InstalledPackage {
  readonly name: string;
  readonly version: string;
  readonly folder: string;
}

/** Returns each package of the node_modules that a program in `folder` sees, and of those below, once. */
export function installedPackages(folder: string): InstalledPackage[] {
  const seen = new Set<string>();
  const found: InstalledPackage[] = [];
  for (let place = path.resolve(folder); ; place = path.dirname(place)) {
    found.push(...packagesIn(path.join(place, 'node_modules'), seen));
    if (place === path.dirname(place)) return found;
  }
}

function* packagesIn(modules: string, seen: Set<string>): Generator<InstalledPackage> {
  for (const name of namesIn(modules)) {
    if (name.startsWith('@')) yield* packagesIn(path.join(modules, name), seen);
    else if (name === '.pnpm') yield* storedPackages(path.join(modules, name), seen);
    else if (!name.startsWith('.')) yield* onePackage(path.join(modules, name), seen);
  }
}

/** pnpm keeps each package in a separate node_modules. */
function* storedPackages(store: string, seen: Set<string>): Generator<InstalledPackage> {
  for (const name of namesIn(store)) yield* packagesIn(path.join(store, name, 'node_modules'), seen);
}

function* onePackage(link: string, seen: Set<string>): Generator<InstalledPackage> {
  const folder = realOf(link);
  if (folder === undefined || seen.has(folder)) return;
  seen.add(folder);
  const { name, version } = manifestOf(folder);
  if (typeof name === 'string' && typeof version === 'string') yield { name, version, folder };
  yield* packagesIn(path.join(folder, 'node_modules'), seen);
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder).sort();
  } catch {
    return [];
  }
}

function realOf(link: string): string | undefined {
  try {
    return realpathSync(link);
  } catch {
    return undefined;
  }
}

function manifestOf(folder: string): { name?: unknown; version?: unknown } {
  try {
    return JSON.parse(readFileSync(path.join(folder, 'package.json'), 'utf8')) ?? {};
  } catch {
    return {};
  }
}
