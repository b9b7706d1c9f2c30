// Makes pumps call the 13 functions, as on Windows, instead of parsing in place. A set-up file of vitest: suites run
// with and without it.
import { loadNative, type NativeBinding } from '../../lib/native.ts';

const native = loadNative() as { -readonly [name in keyof NativeBinding]: NativeBinding[name] };
const { startPump } = native;
native.startPump = (handle, checksText, _inPlace, ...sizes) => startPump(handle, checksText, false, ...sizes);
