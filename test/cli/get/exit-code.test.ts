import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { Exit } from '../../../lib/cli/exit.ts';
import { exitCodeFor, GetExitCode } from '../../../lib/cli/get/exit-code.ts';
import { BackendUnavailableError, WinwireError } from '../../../lib/errors.ts';
import { HResult, type HResultName } from '../../../lib/hresult.ts';

const reached = { byProxy: false, missing: undefined };
const failure = (name: HResultName) => new WinwireError('IWinHttpRequest::Send', HResult[name]);

describe('the exit code for', () => {
  it.each<[HResultName, number]>([
    ['ERROR_WINHTTP_NAME_NOT_RESOLVED', 6],
    ['ERROR_WINHTTP_CANNOT_CONNECT', 7],
    ['ERROR_WINHTTP_TIMEOUT', 28],
    ['ERROR_WINHTTP_SECURE_CHANNEL_ERROR', 35],
    ['ERROR_WINHTTP_REDIRECT_FAILED', 47],
    ['ERROR_WINHTTP_INVALID_SERVER_RESPONSE', 52],
    ['WSAECONNRESET', 56],
    ['ERROR_WINHTTP_CLIENT_AUTH_CERT_NEEDED', 58],
    ['ERROR_WINHTTP_SECURE_INVALID_CA', 60],
    ['ERROR_FILE_TOO_LARGE', 63],
    ['E_OUTOFMEMORY', 1],
  ])('%s is %d', (name, code) => {
    expect(exitCodeFor(failure(name), reached)).toBe(code);
  });

  it('an unknown name is 5 if it is that of the proxy', () => {
    expect(exitCodeFor(failure('ERROR_WINHTTP_NAME_NOT_RESOLVED'), { ...reached, byProxy: true })).toBe(5);
  });

  it('a lost connection is 18 if bytes are missing', () => {
    const lost = failure('ERROR_WINHTTP_CONNECTION_ERROR');
    expect(exitCodeFor(lost, { ...reached, missing: 3 })).toBe(18);
    expect(exitCodeFor(lost, { ...reached, missing: 0 })).toBe(56);
    expect(exitCodeFor(lost, reached)).toBe(56);
  });

  it('other errors differ from those of a failed request', () => {
    expect(exitCodeFor(new Exit(22), reached)).toBe(22);
    expect(exitCodeFor(new BackendUnavailableError('system', 'none'), reached)).toBe(2);
    expect(exitCodeFor(Object.assign(new TypeError('no'), { code: 'ERR_INVALID_CHAR' }), reached)).toBe(2);
    expect(exitCodeFor(new Error('else'), reached)).toBe(1);
  });

  it('every failure is in the table of the documentation', () => {
    const page = readFileSync(new URL('../../../docs/command-line.md', import.meta.url), 'utf8');
    const rows = [...page.matchAll(/^\| (\d+) \| [^|]+ \|$/gm)].map(([, code]) => Number(code));
    expect(rows).toEqual([0, ...new Set(Object.values(GetExitCode))].sort((a, b) => a - b));
  });
});
