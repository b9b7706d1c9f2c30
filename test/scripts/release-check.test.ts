import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { runScript } from '../helpers/script.ts';

const { version } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'));

it('accepts the tag of this version alone', () => {
  expect(runScript('release-check.mjs', [`v${version}`])).toMatchObject({ status: 0 });
  const other = runScript('release-check.mjs', ['v99.0.0']);
  expect(other).toMatchObject({ status: 1, stderr: `the tag is v99.0.0, but package.json says ${version}\n` });
  expect(runScript('release-check.mjs', [version])).toMatchObject({ status: 1 });
});
