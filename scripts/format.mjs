// npm run format: writes what npm run lint would ask for, as far as formatters can.
import { clangFormat } from './lib/clang-format.mjs';
import { ensureDependencies } from './lib/dependencies.mjs';
import { inProject } from './lib/project.mjs';
import { main, runNode } from './lib/run.mjs';

main(() => {
  ensureDependencies();
  clangFormat('-i');
  runNode([inProject('node_modules/@biomejs/biome/bin/biome'), 'check', '--write']);
});
