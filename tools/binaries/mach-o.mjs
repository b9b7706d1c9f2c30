// Reads the headers of a Mach-O file.
const machines = { 16777223: 'x64', 16777228: 'arm64' };
const LC_SYMTAB = 0x2;
const LC_LOAD_DYLIB = 0xc;
const LC_VERSION_MIN_MACOSX = 0x24;
const LC_BUILD_VERSION = 0x32;

/**
 * Parses a 64-bit Mach-O file for one machine (Apple's <mach-o/loader.h>). `minimumSystem` is the oldest macOS that
 * loads it.
 */
export function readMachO(bytes) {
  const commands = readCommands(bytes);
  const symbols = commands.filter(({ type }) => type === LC_SYMTAB);
  return {
    format: 'Mach-O',
    machine: machines[bytes.readUInt32LE(4)],
    exports: symbols.flatMap(({ at }) => exportsOf(bytes, at)),
    libraries: commands
      .filter(({ type }) => type === LC_LOAD_DYLIB)
      .map(({ at }) => text(bytes, at + bytes.readUInt32LE(at + 8))),
    minimumSystem: minimumOf(bytes, commands),
  };
}

function readCommands(bytes) {
  const commands = [];
  let at = 32;
  for (let left = bytes.readUInt32LE(16); left > 0; left--) {
    commands.push({ type: bytes.readUInt32LE(at), at });
    at += bytes.readUInt32LE(at + 4);
  }
  return commands;
}

const text = (bytes, start) => bytes.toString('latin1', start, bytes.indexOf(0, start));

function exportsOf(bytes, at) {
  const [symbols, count, strings] = [8, 12, 16].map((field) => bytes.readUInt32LE(at + field));
  const names = [];
  for (let symbol = symbols; symbol < symbols + count * 16; symbol += 16) {
    const type = bytes[symbol + 4];
    const isDebugging = (type & 0xe0) !== 0;
    const isPrivate = (type & 0x10) !== 0;
    const isExternal = (type & 0x01) !== 0;
    const isDefined = (type & 0x0e) !== 0;
    // C names start with an underscore here.
    if (!isDebugging && !isPrivate && isExternal && isDefined) {
      names.push(text(bytes, strings + bytes.readUInt32LE(symbol)).replace(/^_/, ''));
    }
  }
  return names;
}

function minimumOf(bytes, commands) {
  const command = commands.find(({ type }) => type === LC_BUILD_VERSION || type === LC_VERSION_MIN_MACOSX);
  if (command === undefined) return undefined;
  const version = bytes.readUInt32LE(command.at + (command.type === LC_BUILD_VERSION ? 12 : 8));
  return `${version >> 16}.${(version >> 8) & 0xff}`;
}
