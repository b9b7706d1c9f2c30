// clang-format over all C++ files.
import { filesUnder } from '../../scripts/lib/files.mjs';
import { inProject } from '../../scripts/lib/project.mjs';
import { runNode } from '../../scripts/lib/run.mjs';

/** Runs clang-format of the npm package, so that every machine has the same version. */
export function clangFormat(...options) {
  const files = [...filesUnder('native', ['.cc', '.h']), ...filesUnder('test', ['.cc', '.h'])];
  runNode([inProject('node_modules/clang-format/index.js'), ...options, ...files]);
}
