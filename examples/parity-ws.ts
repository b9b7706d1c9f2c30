// Compares ws with a backend of the package: npm run example -- parity-ws [--html FILE] [--left system]
import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { builtInScenarios, compareSubjects, renderHtml, renderText } from 'winwire/parity';
import { wsFunctions } from './parity/ws-functions.ts';

const { values } = parseArgs({
  options: { left: { type: 'string', default: 'portable' }, html: { type: 'string' } },
});

const report = await compareSubjects({
  left: values.left as 'system' | 'portable',
  right: { name: 'ws', websocket: wsFunctions },
  // The handshake is the adapter's, not that of ws, and it takes no properties.
  scenarios: builtInScenarios.filter(
    ({ component, group }) => component === 'websocket' && group !== 'handshake' && group !== 'properties',
  ),
});
process.stdout.write(renderText(report, { verbose: true }));
if (values.html !== undefined) writeFileSync(values.html, renderHtml(report));
