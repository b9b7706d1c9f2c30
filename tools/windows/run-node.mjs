// node tools/windows/run-node.mjs VERSION FILE [arguments]: runs a program in Windows' node.exe under Wine, in the lane
// that npm run test:windows has prepared.
import { main } from '../../scripts/lib/run.mjs';
import { runWindowsNode } from './wine.mjs';

main(([version, ...args]) => runWindowsNode(version, args, { name: 'program' }));
