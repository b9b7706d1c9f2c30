// npm test: sets up, builds and runs the suite of this platform.
//   --node LINES  with other lines of Node, one after the other, as 22,24, newest or all
// Other arguments go to vitest.
import { takeOption } from './lib/arguments.mjs';
import { ensureReady } from './lib/ensure-ready.mjs';
import { chosenLines } from './lib/node-lines.mjs';
import { ensureNode } from './lib/other-node.mjs';
import { announce } from './lib/project.mjs';
import { main } from './lib/run.mjs';
import { runVitest } from './lib/vitest.mjs';

main((words) => {
  const { value, rest: args } = takeOption(words, 'node');
  const lines = value === undefined ? undefined : chosenLines(value);
  ensureReady();
  if (lines === undefined) return runVitest(args);
  const codes = lines.map((line) => {
    const program = ensureNode(String(line));
    announce(`vitest in Node ${line}`);
    return runVitest(args, { program, name: `${process.platform}-node${line}` });
  });
  return codes.find((code) => code !== 0) ?? 0;
});
