// The native probe: a test addon, beside the addon that is tested.
import { dirname, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const RELEASE = fileURLToPath(new URL('../../build/Release', import.meta.url));

export function probeFile(): string {
  const binding = process.env.WINWIRE_BINDING;
  return resolve(binding ? dirname(binding) : RELEASE, 'winwire_probe.node');
}
