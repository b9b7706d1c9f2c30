import { afterEach, describe, expect, it, vi } from 'vitest';
import { backends, backendUnavailable, chooseBackend } from '../lib/backend.ts';
import { BackendUnavailableError } from '../lib/errors.ts';
import { WebSocketCreateClientHandle, WebSocketGetGlobalProperty } from '../lib/sys.ts';
import { availableBackends } from './helpers/backends.ts';
import { refusal, wrongType, wrongValue } from './helpers/refusal.ts';

const platformDefault = process.platform === 'win32' ? 'system' : 'portable';

afterEach(() => {
  vi.unstubAllEnvs();
});

describe('backends', () => {
  it('always has the portable engine', () => {
    expect(backends().websocket.portable).toMatchObject({
      available: true,
      provider: 'portable',
      file: undefined,
      reason: undefined,
    });
    expect(backends().websocket.portable.version).toMatch(/^\d+\.\d+\.\d+/);
  });

  it('tells a file and provider of an available system backend, or a reason', () => {
    const { system } = backends().websocket;
    if (system.available) {
      expect(system.file).toMatch(/websocket\.dll$/i);
      expect(system.provider).toMatch(/^(Microsoft|Wine|stand-in)$/);
      expect(system.reason).toBeUndefined();
    } else {
      expect(system.reason).toMatch(/websocket\.dll/);
      expect(system.provider).toBeUndefined();
    }
  });

  it("tells the file and provider of the request object's class, or a reason", () => {
    const { system, portable } = backends().winhttp;
    expect(portable).toMatchObject({
      available: true,
      provider: 'portable',
      version: expect.stringMatching(/^winwire \d/),
    });
    expect(system.available).toBe(process.platform === 'win32');
    if (system.available) {
      expect(system.file).toMatch(/winhttp(com)?\.dll$/i);
      expect(system.provider).toMatch(/^(Microsoft|Wine)$/);
      expect(system.reason).toBeUndefined();
    } else {
      expect(system).toMatchObject({ file: undefined, provider: undefined, reason: expect.stringMatching(/Windows/) });
    }
  });

  it('names the default', () => {
    vi.stubEnv('WINWIRE_BACKEND', undefined);
    expect(backends().default).toBe(platformDefault);
    vi.stubEnv('WINWIRE_BACKEND', 'system');
    expect(backends().default).toBe('system');
  });
});

describe('chooseBackend', () => {
  it('takes the option before the environment before the platform', () => {
    vi.stubEnv('WINWIRE_BACKEND', 'system');
    expect(chooseBackend('portable')).toBe('portable');
    expect(chooseBackend(undefined)).toBe('system');
    vi.stubEnv('WINWIRE_BACKEND', 'portable');
    expect(chooseBackend(null)).toBe('portable');
    vi.stubEnv('WINWIRE_BACKEND', '');
    expect(chooseBackend(undefined)).toBe(platformDefault);
  });

  it.each(['', 'System', 'auto', 'winhttp'])('refuses %o', (name) => {
    expect(refusal(() => chooseBackend(name))).toMatchObject(wrongValue);
  });

  it.each([1, true, {}, [], Symbol('system'), 1n])('refuses what is no string', (name) => {
    expect(refusal(() => chooseBackend(name))).toMatchObject(wrongType);
  });
});

describe('WINWIRE_BACKEND', () => {
  it('that names no backend makes each call fail that needs a choice, and is named in the message', () => {
    vi.stubEnv('WINWIRE_BACKEND', 'wine');
    for (const call of [backends, WebSocketCreateClientHandle, () => WebSocketGetGlobalProperty(5)]) {
      const error = refusal(call);
      expect(error).toMatchObject(wrongValue);
      expect(error.message).toMatch(/WINWIRE_BACKEND.*'system' or 'portable'.*"wine"/);
    }
  });

  it('is not looked at where the option decides', () => {
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

describe('a backend that cannot serve', () => {
  const missing = (['system', 'portable'] as const).filter((name) => !availableBackends.includes(name));

  it.each(missing)('%s is refused with its reason, and nothing else is tried', (name) => {
    const { reason } = backends().websocket[name];
    for (const call of [
      () => WebSocketCreateClientHandle([], { backend: name }),
      () => WebSocketGetGlobalProperty(5, { backend: name }),
    ]) {
      const error = refusal(call);
      expect(error).toBeInstanceOf(BackendUnavailableError);
      expect(error).toMatchObject({ code: 'ERR_BACKEND_UNAVAILABLE', backend: name, reason });
      expect(error.message).toContain(reason);
    }
  });

  it('is an error that says so even where no reason is known', () => {
    expect(backendUnavailable('portable').message).toBe("The backend 'portable' is not available: no reason is known");
  });
});
