// node scripts/windows/run-node.mjs VERSION FILE [arguments]: a program in Windows' node.exe under Wine, in the lane that
// npm run test:windows has made.
import { main } from '../lib/run.mjs';
import { runWindowsNode } from './wine.mjs';

main(([version, ...args]) => runWindowsNode(version, args, { name: 'program' }));
