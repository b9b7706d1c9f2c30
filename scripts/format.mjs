// npm run format: fixes everything that formatters can fix of npm run lint.
import { clangFormat } from '../tools/native-checks/clang-format.mjs';
import { ensureDependencies } from './lib/dependencies.mjs';
import { inProject } from './lib/project.mjs';
import { main, runNode } from './lib/run.mjs';

main(() => {
  ensureDependencies();
  clangFormat('-i');
  runNode([inProject('node_modules/@biomejs/biome/bin/biome'), 'check', '--write']);
});
