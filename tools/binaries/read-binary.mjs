// Reads the headers of a built addon.
import { readFileSync } from 'node:fs';
import { readElf } from './elf.mjs';
import { readMachO } from './mach-o.mjs';
import { readPe } from './pe.mjs';

const readers = [
  { magic: '7f454c46', read: readElf },
  { magic: 'cffaedfe', read: readMachO },
  { magic: '4d5a', read: readPe },
];

/** Returns format, machine, exports and required libraries of an executable file or library. */
export function readBinary(file) {
  const bytes = readFileSync(file);
  const reader = readers.find(({ magic }) => bytes.toString('hex', 0, 4).startsWith(magic));
  if (reader === undefined) throw new Error('neither ELF nor PE nor (for one machine) Mach-O');
  return { size: bytes.length, ...reader.read(bytes) };
}
