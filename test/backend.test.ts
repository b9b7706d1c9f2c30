import { afterEach, describe, expect, it, vi } from 'vitest';
import { chooseBackend } from '../lib/backend.ts';
import { backends } from '../lib/backends.ts';
import { WebSocketCreateClientHandle, WebSocketGetGlobalProperty } from '../lib/sys.ts';
import { availableBackends } from './helpers/backends.ts';
import { refusal, wrongType, wrongValue } from './helpers/refusal.ts';

const platformDefault = process.platform === 'win32' ? 'system' : 'portable';

afterEach(() => {
  vi.unstubAllEnvs();
});

describe('chooseBackend', () => {
  it('prefers the option to the environment, and that to the platform', () => {
    vi.stubEnv('WINWIRE_BACKEND', 'system');
    expect(chooseBackend('portable')).toBe('portable');
    expect(chooseBackend(undefined)).toBe('system');
    vi.stubEnv('WINWIRE_BACKEND', 'portable');
    expect(chooseBackend(null)).toBe('portable');
    vi.stubEnv('WINWIRE_BACKEND', '');
    expect(chooseBackend(undefined)).toBe(platformDefault);
  });

  it.each(['', 'System', 'auto', 'winhttp'])('rejects %o', (name) => {
    expect(refusal(() => chooseBackend(name))).toMatchObject(wrongValue);
  });

  it.each([1, true, {}, [], Symbol('system'), 1n])('rejects values that are not strings', (name) => {
    expect(refusal(() => chooseBackend(name))).toMatchObject(wrongType);
  });
});

describe('WINWIRE_BACKEND', () => {
  it('with an unknown backend fails each call that needs a default, and the message names the variable', () => {
    vi.stubEnv('WINWIRE_BACKEND', 'wine');
    for (const call of [backends, WebSocketCreateClientHandle, () => WebSocketGetGlobalProperty(5)]) {
      const error = refusal(call);
      expect(error).toMatchObject(wrongValue);
      expect(error.message).toMatch(/WINWIRE_BACKEND.*'system' or 'portable'.*"wine"/);
    }
  });

  it('is ignored if the option is set', () => {
    vi.stubEnv('WINWIRE_BACKEND', 'wine');
    using handle = WebSocketCreateClientHandle([], { backend: 'portable' });
    expect(handle.backend).toBe('portable');
  });

  it.each(availableBackends)('chooses %s', (name) => {
    vi.stubEnv('WINWIRE_BACKEND', name);
    using handle = WebSocketCreateClientHandle();
    expect(handle.backend).toBe(name);
  });
});
