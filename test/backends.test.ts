import { afterEach, describe, expect, it, vi } from 'vitest';
import { backends, backendUnavailable } from '../lib/backends.ts';
import { BackendUnavailableError } from '../lib/errors.ts';
import { WebSocketCreateClientHandle, WebSocketGetGlobalProperty } from '../lib/sys.ts';
import { availableBackends } from './helpers/backends.ts';
import { refusal } from './helpers/refusal.ts';

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

  it('returns file and provider of an available system backend, or a reason', () => {
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

  it("returns file and provider of the request object's class, or a reason", () => {
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
      expect(system.version).toMatch(system.provider === 'Wine' ? /^\d+\.\d+/ : /^\d+(\.\d+){3}$/);
      expect(system.reason).toBeUndefined();
    } else {
      expect(system).toMatchObject({ file: undefined, provider: undefined, reason: expect.stringMatching(/Windows/) });
    }
  });

  it('returns the mechanisms of authentication and their file, or a reason', () => {
    const { available, file, reason, mechanisms } = backends().authentication;
    expect(file).toMatch(process.platform === 'win32' ? /secur32\.dll$/i : /gss/i);
    if (available) {
      expect(reason).toBeUndefined();
      expect(mechanisms.length).toBeGreaterThan(0);
      for (const name of mechanisms) expect(['Negotiate', 'Kerberos', 'NTLM']).toContain(name);
    } else {
      expect(reason).toContain(file);
      expect(mechanisms).toEqual([]);
    }
  });

  it('returns the default', () => {
    vi.stubEnv('WINWIRE_BACKEND', undefined);
    expect(backends().default).toBe(platformDefault);
    vi.stubEnv('WINWIRE_BACKEND', 'system');
    expect(backends().default).toBe('system');
  });
});

describe('a backend that is not available', () => {
  const missing = (['system', 'portable'] as const).filter((name) => !availableBackends.includes(name));

  it.each(missing)('%s throws with its reason, without a fallback', (name) => {
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

  it('throws a readable error even without a known reason', () => {
    expect(backendUnavailable('portable').message).toBe("The backend 'portable' is not available: no reason is known");
  });
});
