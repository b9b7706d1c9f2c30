// The version of a tool.
import { spawnSync } from 'node:child_process';

const versions = new Map();

/**
 * Returns the output of `--version`, or '' if the program is missing. A stamp contains it, so that another version
 * builds anew.
 */
export function toolVersion(command) {
  if (!versions.has(command)) {
    const [program, ...options] = command.split(' ');
    const { stdout } = spawnSync(program, [...options, '--version'], { encoding: 'utf8' });
    versions.set(command, stdout ?? '');
  }
  return versions.get(command);
}

/** The compiler that node-gyp's makefiles start. On Windows node-gyp finds Visual Studio itself. */
export const compilerCommand = () => process.env.CXX || 'c++';

export const compilerVersion = () => (process.platform === 'win32' ? '' : toolVersion(compilerCommand()));
