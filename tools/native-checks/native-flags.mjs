// The compiler flags of native sources.
import { nativeSources } from '../../scripts/lib/files.mjs';

const nodeApi = ['node_modules/node-api-headers/include', 'node_modules/node-addon-api'];

/** The flags for every checker of native sources: the language, the includes, and the macros of binding.gyp. */
export const commonFlags = [
  ...['-std=c++20', '-Inative', ...nodeApi.map((folder) => `-isystem${folder}`)],
  ...['-DNAPI_VERSION=9', '-DNODE_ADDON_API_CPP_EXCEPTIONS', '-DNODE_ADDON_API_CPP_EXCEPTIONS_ALL'],
];

/** The macros of native/target.gypi for Windows. */
export const windowsFlags = ['-DUNICODE', '-D_UNICODE', '-DNOMINMAX', '-DWIN32_LEAN_AND_MEAN'];

/** Returns the C++ files of these lists of native/sources.json, each once. */
export const sourcesOf = (lists) => {
  const all = nativeSources();
  return [...new Set(lists.flatMap((list) => all[list]).filter((file) => file.endsWith('.cc')))];
};
