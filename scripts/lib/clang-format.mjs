// clang-format over all C++ files.
import { filesUnder } from './files.mjs';
import { inProject } from './project.mjs';
import { runNode } from './run.mjs';

/** clang-format of the npm package, so that every machine has the same version. */
export function clangFormat(...options) {
  const files = [...filesUnder('native', ['.cc', '.h']), ...filesUnder('test', ['.cc', '.h'])];
  runNode([inProject('node_modules/clang-format/index.js'), ...options, ...files]);
}
