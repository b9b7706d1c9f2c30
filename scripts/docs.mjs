// npm run docs: the API reference, as pages in build/api.
import { typedoc } from '../tools/api-docs/api-docs.mjs';
import { ensureDependencies } from './lib/dependencies.mjs';
import { announce } from './lib/project.mjs';
import { main } from './lib/run.mjs';

main(() => {
  ensureDependencies();
  typedoc();
  announce('build/api/index.html');
});
