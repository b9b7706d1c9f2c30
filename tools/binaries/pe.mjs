// Reads the headers of a PE file.
const machines = { 332: 'ia32', 34404: 'x64', 43620: 'arm64' };
const EXPORTS = 0;
const IMPORTS = 1;
const CERTIFICATES = 4;
const DELAYED_IMPORTS = 13;

const characteristics = {
  HIGH_ENTROPY_VA: 0x20,
  DYNAMIC_BASE: 0x40,
  NX_COMPAT: 0x100,
  GUARD_CF: 0x4000,
};

/** Parses a PE image (Microsoft: PE Format). `delayed` are the libraries that are loaded on first use. */
export function readPe(bytes) {
  const header = bytes.readUInt32LE(0x3c);
  if (bytes.toString('latin1', header, header + 4) !== 'PE\0\0') throw new Error('no PE file');
  const optional = header + 24;
  const isPlus = bytes.readUInt16LE(optional) === 0x20b;
  const directories = optional + (isPlus ? 112 : 96);
  const sections = readSections(bytes, optional + bytes.readUInt16LE(header + 20), bytes.readUInt16LE(header + 6));
  const directory = (index) => bytes.readUInt32LE(directories + index * 8);
  const image = { bytes, sections };
  const flags = bytes.readUInt16LE(optional + 70);
  return {
    format: 'PE',
    machine: machines[bytes.readUInt16LE(header + 4)],
    exports: exportsOf(image, directory(EXPORTS)),
    libraries: librariesOf(image, directory(IMPORTS), { size: 20, name: 12 }),
    delayed: librariesOf(image, directory(DELAYED_IMPORTS), { size: 32, name: 4 }),
    flags: Object.keys(characteristics).filter((name) => (flags & characteristics[name]) !== 0),
    isSigned: directory(CERTIFICATES) !== 0,
  };
}

function readSections(bytes, offset, count) {
  return Array.from({ length: count }, (_, index) => {
    const at = offset + index * 40;
    return {
      address: bytes.readUInt32LE(at + 12),
      size: Math.max(bytes.readUInt32LE(at + 8), bytes.readUInt32LE(at + 16)),
      offset: bytes.readUInt32LE(at + 20),
    };
  });
}

/** Returns the file offset of the byte at a loaded address. */
function fileOffset({ sections }, address) {
  const section = sections.find((each) => address >= each.address && address < each.address + each.size);
  if (section === undefined) throw new Error(`address 0x${address.toString(16)} lies in no section`);
  return address - section.address + section.offset;
}

function text(image, address) {
  const start = fileOffset(image, address);
  return image.bytes.toString('latin1', start, image.bytes.indexOf(0, start));
}

function exportsOf(image, address) {
  if (address === 0) return [];
  const table = fileOffset(image, address);
  const names = fileOffset(image, image.bytes.readUInt32LE(table + 32));
  const count = image.bytes.readUInt32LE(table + 24);
  return Array.from({ length: count }, (_, index) => text(image, image.bytes.readUInt32LE(names + index * 4)));
}

/** Both import tables end with an entry of zeros. */
function librariesOf(image, address, { size, name }) {
  if (address === 0) return [];
  const found = [];
  for (let at = fileOffset(image, address); image.bytes.readUInt32LE(at + name) !== 0; at += size) {
    found.push(text(image, image.bytes.readUInt32LE(at + name)).toLowerCase());
  }
  return found;
}
