/** winwire: Windows' own WebSocket stack for Node.js, and portable engines of the same behaviour elsewhere. */
export { type BackendInfo, type BackendName, type Backends, backends } from './backend.ts';
export { type ArgumentErrorCode, BackendUnavailableError, HResult, WinwireError } from './errors.ts';
