// Prints the compiler's option for link-time optimisation where it is known to work with Linux's usual linker: GCC. It
// takes a quarter off what the pump costs a message, since a call goes through many small functions. binding.gyp asks.
import { spawnSync } from 'node:child_process';

const [command, ...options] = (process.env.CXX || 'c++').split(' ');
const { stdout } = spawnSync(command, [...options, '--version'], { encoding: 'utf8' });
if (process.platform === 'linux' && stdout?.includes('Free Software Foundation')) process.stdout.write('-flto=auto');
