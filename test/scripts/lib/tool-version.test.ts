import { expect, it } from 'vitest';
import { importScript } from '../../helpers/script.ts';

const { toolVersion } = await importScript('lib/tool-version.mjs');

// There is no node.exe in the search path under Wine.
it.runIf(process.env.WINWIRE_LANE !== 'wine')('is what a program says of itself, and empty where there is none', () => {
  expect(toolVersion('node')).toMatch(/^v\d+\.\d+\.\d+\s*$/);
  expect(toolVersion('winwire-no-such-program')).toBe('');
});
