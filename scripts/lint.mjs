// npm run lint [-- --all]: Biome, the TypeScript compiler, clang-format, clang-tidy, a syntax check for 32 bits, the
// project's own text rules, the files of .github, whether each exported name is described and whether the conformance page
// is current. --all takes clang-tidy through the tests as well.
import { parseArgs } from 'node:util';
import { typedoc } from './lib/api-docs.mjs';
import { clangFormat } from './lib/clang-format.mjs';
import { clangTidy } from './lib/clang-tidy.mjs';
import { ensureDependencies } from './lib/dependencies.mjs';
import { tsc } from './lib/dist-build.mjs';
import { announce, inProject } from './lib/project.mjs';
import { main, runNode, Stop } from './lib/run.mjs';
import { checkSyntax32 } from './lib/syntax-32-bit.mjs';
import { checkText } from './lib/text-rules.mjs';
import { checkWindowsHeaders } from './lib/windows-headers.mjs';

const steps = {
  biome: () => runNode([inProject('node_modules/@biomejs/biome/bin/biome'), 'check', '--error-on-warnings']),
  tsc: () => runNode([tsc, '--noEmit']),
  'clang-format': () => clangFormat('--dry-run', '-Werror'),
  'text rules': checkText,
  'Windows headers': checkWindowsHeaders,
  'API reference': () => typedoc('--emit', 'none'),
  // Loaded here, since dependencies may have to be installed first.
  '.github': async () => (await import('../tools/github-files/github-files.mjs')).checkGitHubFiles(),
  'conformance page': () => runNode([inProject('scripts/conformance.mjs'), '--check']),
  '32-bit syntax': checkSyntax32,
  'clang-tidy': clangTidy,
};

main(async (args) => {
  const { values } = parseArgs({ args, options: { all: { type: 'boolean', default: false } } });
  ensureDependencies();
  const failed = [];
  for (const [name, step] of Object.entries(steps)) {
    announce(name);
    try {
      await step(values);
    } catch (error) {
      if (!(error instanceof Stop)) throw error;
      console.error(error.message);
      failed.push(name);
    }
  }
  if (failed.length > 0) throw new Stop(`lint failed: ${failed.join(', ')}`);
});
