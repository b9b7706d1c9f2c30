// Reads the headers of an ELF file.
const SHT_DYNAMIC = 6;
const SHT_DYNSYM = 11;
const SHT_GNU_VERNEED = 0x6ffffffe;
const DT_NEEDED = 1;
const STB_LOCAL = 0;
const SHN_UNDEF = 0;

const machines = { 3: 'ia32', 62: 'x64', 183: 'arm64' };

/** Parses a 64-bit little-endian ELF file (System V ABI, and the Linux Standard Base's symbol versions). */
export function readElf(bytes) {
  const [bits, order] = bytes.subarray(4, 6);
  if (bits !== 2 || order !== 1) throw new Error('no 64-bit little-endian ELF file');
  const sections = readSections(bytes);
  const named = (type) => sections.filter((section) => section.type === type);
  return {
    format: 'ELF',
    machine: machines[bytes.readUInt16LE(18)],
    exports: named(SHT_DYNSYM).flatMap((section) => exportsOf(bytes, section, sections[section.link])),
    libraries: named(SHT_DYNAMIC).flatMap((section) => neededBy(bytes, section, sections[section.link])),
    versions: named(SHT_GNU_VERNEED).flatMap((section) => versionsOf(bytes, section, sections[section.link])),
  };
}

function readSections(bytes) {
  const offset = Number(bytes.readBigUInt64LE(40));
  const size = bytes.readUInt16LE(58);
  return Array.from({ length: bytes.readUInt16LE(60) }, (_, index) => {
    const at = offset + index * size;
    return {
      type: bytes.readUInt32LE(at + 4),
      offset: Number(bytes.readBigUInt64LE(at + 24)),
      size: Number(bytes.readBigUInt64LE(at + 32)),
      link: bytes.readUInt32LE(at + 40),
      count: bytes.readUInt32LE(at + 44),
    };
  });
}

function text(bytes, strings, offset) {
  const start = strings.offset + offset;
  return bytes.toString('latin1', start, bytes.indexOf(0, start));
}

function exportsOf(bytes, { offset, size }, strings) {
  const names = [];
  for (let at = offset; at < offset + size; at += 24) {
    const isLocal = bytes[at + 4] >> 4 === STB_LOCAL;
    const isDefined = bytes.readUInt16LE(at + 6) !== SHN_UNDEF;
    if (!isLocal && isDefined) names.push(text(bytes, strings, bytes.readUInt32LE(at)));
  }
  return names;
}

function neededBy(bytes, { offset, size }, strings) {
  const names = [];
  for (let at = offset; at < offset + size; at += 16) {
    if (bytes.readBigUInt64LE(at) === BigInt(DT_NEEDED)) {
      names.push(text(bytes, strings, Number(bytes.readBigUInt64LE(at + 8))));
    }
  }
  return names;
}

/** Returns the required versions of libraries, such as 'GLIBC_2.14'. */
function versionsOf(bytes, { offset, count }, strings) {
  const names = [];
  for (let entry = offset, left = count; left > 0; left--, entry += bytes.readUInt32LE(entry + 12)) {
    let at = entry + bytes.readUInt32LE(entry + 8);
    for (let inner = bytes.readUInt16LE(entry + 2); inner > 0; inner--, at += bytes.readUInt32LE(at + 12)) {
      names.push(text(bytes, strings, bytes.readUInt32LE(at + 8)));
    }
  }
  return names;
}
