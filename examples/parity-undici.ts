// Compares undici with a backend of the package: npm run example -- parity-undici [--html FILE] [--left system]
import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { builtInScenarios, compareSubjects, renderHtml, renderText } from 'winwire/parity';
import { createUndiciRequest } from './parity/undici-request.ts';

const { values } = parseArgs({
  options: { left: { type: 'string', default: 'portable' }, html: { type: 'string' } },
});

const report = await compareSubjects({
  left: values.left as 'system' | 'portable',
  right: { name: 'undici', createRequest: createUndiciRequest },
  scenarios: builtInScenarios.filter(({ component }) => component === 'winhttp'),
});
process.stdout.write(renderText(report, { verbose: true }));
if (values.html !== undefined) writeFileSync(values.html, renderHtml(report));
