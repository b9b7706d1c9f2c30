// Lets pumps call the 13 functions, as they do on Windows, where the portable engine would parse in place. A set-up file of
// vitest: suites run with it and without.
import { loadNative, type NativeBinding } from '../../lib/native.ts';

const native = loadNative() as { -readonly [name in keyof NativeBinding]: NativeBinding[name] };
const { startPump } = native;
native.startPump = (handle, checksText) => startPump(handle, checksText);
