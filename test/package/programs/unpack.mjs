// In a single executable: unpacks the addon from its assets, and sets its path.
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { getAsset } from 'node:sea';

if (!process.argv.includes('--without-addon')) {
  const file = join(mkdtempSync(join(tmpdir(), 'winwire-single-')), 'winwire.node');
  writeFileSync(file, new Uint8Array(getAsset('winwire.node')));
  process.env.WINWIRE_BINDING = file;
}
