// Runs vitest in Windows' node.exe under Wine.
import { copyFileSync, existsSync, mkdirSync, rmSync } from 'node:fs';
import path from 'node:path';
import { announce, inProject } from '../../scripts/lib/project.mjs';
import { resultsFolder, vitestArgs } from '../../scripts/lib/vitest.mjs';
import { treeFolder } from './folders.mjs';
import { runWindowsNode } from './wine.mjs';

/** Resolves to the exit code. The results, by their name, lie in the same folder as those of this system. */
export async function runWindowsVitest(wine, version, args, { name, env }) {
  const results = path.join(treeFolder, resultsFolder, `${name}.json`);
  rmSync(results, { force: true });
  const options = { wine, env, name: `vitest-${name}` };
  const code = await runWindowsNode(version, ['node_modules/vitest/vitest.mjs', ...vitestArgs(name, args)], options);
  mkdirSync(inProject(resultsFolder), { recursive: true });
  if (existsSync(results)) copyFileSync(results, inProject(resultsFolder, `${name}.json`));
  announce(`node.exe ${version}: exit code ${code}`);
  return code;
}
