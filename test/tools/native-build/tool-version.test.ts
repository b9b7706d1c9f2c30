import { expect, it } from 'vitest';
import { importScript } from '../../helpers/script.ts';

const { toolVersion } = await importScript('tools/native-build/tool-version.mjs');

// Under Wine node.exe is not in the search path.
it.runIf(process.env.WINWIRE_LANE !== 'wine')('is the output of the program, or empty if it is missing', () => {
  expect(toolVersion('node')).toMatch(/^v\d+\.\d+\.\d+\s*$/);
  expect(toolVersion('winwire-no-such-program')).toBe('');
});
