// The engine as a shared library, for programs that load a DLL themselves.
import { mkdirSync } from 'node:fs';
import { filesUnder, nativeSources } from '../../scripts/lib/files.mjs';
import { announce, inProject } from '../../scripts/lib/project.mjs';
import { run } from '../../scripts/lib/run.mjs';
import { hashOf, readStamp, writeStamp } from '../../scripts/lib/stamp.mjs';
import { toolVersion } from './tool-version.mjs';

const library = process.platform === 'darwin' ? 'libwebsocket.dylib' : 'libwebsocket.so';
const stampFile = 'build/engine-library.stamp';

/**
 * Builds the engine as a shared library with the 13 exports (build/libwebsocket.so), for programs that bind it
 * themselves.
 */
export function ensureEngineLibrary() {
  const file = inProject('build', library);
  // As node-gyp compiles a release, so that the engine has the same speed in addon and library.
  const flags = ['-std=c++20', '-O3', '-DNDEBUG', '-fPIC', '-shared', '-fvisibility=hidden', '-Inative'];
  const hash = hashOf(filesUnder('native', ['.cc', '.h', '.json']), [toolVersion('c++'), ...flags]);
  if (readStamp(stampFile) === hash) return file;
  announce(`c++: building build/${library}`);
  mkdirSync(inProject('build'), { recursive: true });
  const { engine, standin } = nativeSources();
  const sources = [...engine, ...standin].filter((source) => source.endsWith('.cc'));
  run('c++', [...flags, '-o', file, ...sources]);
  writeStamp(stampFile, hash);
  return file;
}
