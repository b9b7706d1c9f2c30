// npm run lint [-- --all]: Biome, the TypeScript compiler, clang-format, clang-tidy, a syntax check for 32 bits, the
// project's own text rules, its words and commit subjects, the files of .github, whether each exported name is described,
// and whether the conformance page and the pictures are current. --all also runs clang-tidy on Windows' part and the tests.
import { parseArgs } from 'node:util';
import { typedoc } from '../tools/api-docs/api-docs.mjs';
import { clangFormat } from '../tools/native-checks/clang-format.mjs';
import { clangTidy } from '../tools/native-checks/clang-tidy.mjs';
import { checkSyntax32 } from '../tools/native-checks/syntax-32-bit.mjs';
import { checkWindowsHeaders } from '../tools/native-checks/windows-headers.mjs';
import { ensureDependencies } from './lib/dependencies.mjs';
import { tsc } from './lib/dist-build.mjs';
import { checkSubjects } from './lib/new-commits.mjs';
import { checkPictures } from './lib/pictures.mjs';
import { announce, inProject } from './lib/project.mjs';
import { main, runNode, Stop } from './lib/run.mjs';
import { checkText } from './lib/text-rules.mjs';

const steps = {
  biome: () => runNode([inProject('node_modules/@biomejs/biome/bin/biome'), 'check', '--error-on-warnings']),
  tsc: () => runNode([tsc, '--noEmit']),
  'clang-format': () => clangFormat('--dry-run', '-Werror'),
  'text rules': checkText,
  'commit subjects': checkSubjects,
  'Windows headers': checkWindowsHeaders,
  'API reference': () => typedoc('--emit', 'none'),
  // Loaded here, because dependencies may have to be installed first.
  '.github': async () => (await import('../tools/github-files/github-files.mjs')).checkGitHubFiles(),
  'conformance page': () => runNode([inProject('scripts/conformance.mjs'), '--check']),
  pictures: () => checkPictures(),
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
