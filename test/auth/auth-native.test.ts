// Tokens where no domain is needed: failures, waits and ends. test/auth/real has tokens that a real acceptor accepts.
import { once } from 'node:events';
import { setImmediate } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { AbortError } from '../../lib/abort-signal.ts';
import { type AuthPackage, type AuthWaitOptions, openContext, readIdentity } from '../../lib/auth/auth-native.ts';
import { MechanismError } from '../../lib/auth/mechanism-error.ts';
import { backends } from '../../lib/backends.ts';
import { loadNative } from '../../lib/native.ts';
import { runProgram } from '../helpers/program.ts';
import { closedUser, silentUser, startSilentKdc } from './programs/silent-kdc.mjs';

const PACKAGES: readonly AuthPackage[] = ['Negotiate', 'Kerberos', 'NTLM'];
const { mechanisms } = backends().authentication;
const hasGssapi = process.platform !== 'win32' && mechanisms.includes('Kerberos');
const endInStep = new URL('programs/end-in-step.mjs', import.meta.url);

const service = 'HTTP/localhost';
const openCount = () => loadNative().auth?.openContextCount();

/** Resolves when all contexts are freed: a thread frees that of its step. */
async function untilAllFreed(): Promise<void> {
  while (openCount() !== 0) await setImmediate();
}

/** Returns the error of a rejected promise, and checks that it does not contain the password. */
async function errorOf(promise: Promise<unknown>): Promise<MechanismError> {
  const error = await promise.then(
    () => undefined,
    (reason) => reason,
  );
  expect(error).toBeInstanceOf(Error);
  const cause = error.cause as Error | undefined;
  const text = [error.stack, JSON.stringify(error), cause?.stack].join('\n');
  expect(text).not.toContain(silentUser.password);
  return error;
}

const missing = PACKAGES.filter((name) => !mechanisms.includes(name));

describe.skipIf(missing.length === 0)('a mechanism that the system does not have', () => {
  it.each(missing.length === 0 ? PACKAGES : missing)('%s is an error that says so', async (name) => {
    for (const call of [() => openContext({ package: name, service }), () => readIdentity(name)]) {
      const error = await errorOf(call());
      expect(error).toBeInstanceOf(MechanismError);
      expect(error.code).toBe('ERR_WINWIRE_AUTH_NO_MECHANISM');
      expect((error.cause as Error).message).not.toBe('');
    }
  });
});

describe.skipIf(!hasGssapi)('GSSAPI', () => {
  let kdc: Awaited<ReturnType<typeof startSilentKdc>>;

  beforeEach(async () => {
    kdc = await startSilentKdc();
  });
  afterEach(async () => {
    kdc.hangUp();
    await untilAllFreed();
    kdc.close();
  });

  /** Waits for the KDC, which has to check the password. */
  const openSilent = (wait?: AuthWaitOptions) =>
    openContext({ package: 'Kerberos', service, credentials: silentUser }, wait);

  it.each(['Negotiate', 'Kerberos'] as const)('%s reports that no user is logged on', async (name) => {
    for (const call of [() => openContext({ package: name, service }), () => readIdentity(name)]) {
      const error = await errorOf(call());
      expect(error).toMatchObject({
        name: 'MechanismError',
        code: 'ERR_WINWIRE_AUTH_NO_TICKET',
        hresult: 0x8009030e,
        syscall: 'gss_acquire_cred',
        major: expect.any(Number),
        minor: expect.any(Number),
      });
      expect((error.cause as Error).message).toMatch(/credentials/i);
    }
  });

  it('reports a KDC that cannot be reached, with the service', async () => {
    const error = await errorOf(openContext({ package: 'Kerberos', service, credentials: closedUser }));
    expect(error).toMatchObject({ code: 'ERR_WINWIRE_AUTH_KDC_UNREACHABLE', syscall: expect.stringMatching(/^gss_/) });
    expect(error.message).toContain(service);
    expect((error.cause as Error).message).toContain('CLOSED.TEST');
  });

  it('ends the wait at the time limit', async () => {
    const error = await errorOf(openSilent({ timeout: 20 }));
    expect(error).toMatchObject({ code: 'ERR_WINWIRE_AUTH_TIMEOUT', syscall: 'gss_init_sec_context' });
    expect(error.message).toContain('20 ms');
  });

  it('aborts a wait for the KDC, and frees the context when the thread ends', async () => {
    const controller = new AbortController();
    const opening = openSilent(controller);
    const refused = expect(opening).rejects.toBeInstanceOf(AbortError);
    await once(kdc.server, 'connection');
    controller.abort(new Error('enough'));
    await refused;
    expect(openCount()).toBe(1);
    kdc.hangUp();
    await untilAllFreed();
  });

  it('rejects with an aborted signal, without a call', async () => {
    await expect(openSilent({ signal: AbortSignal.abort() })).rejects.toBeInstanceOf(AbortError);
    expect(openCount()).toBe(0);
  });

  it('starts a call in place of one that was aborted while four run', async () => {
    let connections = 0;
    kdc.server.on('connection', () => ++connections);
    const controllers = Array.from({ length: 5 }, () => new AbortController());
    const calls = controllers.map((controller) => errorOf(openSilent(controller)));
    while (connections < 4) await once(kdc.server, 'connection');
    expect(openCount()).toBe(4);
    const fifth = once(kdc.server, 'connection');
    controllers[0]?.abort();
    await fifth;
    for (const controller of controllers) controller.abort();
    for (const error of await Promise.all(calls)) expect(error).toBeInstanceOf(AbortError);
  });

  it.each([
    ['process.exit', 7, ''],
    ['uncaught exception', 1, 'Error: on purpose'],
    ['worker', 0, ''],
  ])('does not hold up an end by %s', async (end, code, message) => {
    const result = await runProgram(endInStep, [end]);
    const ended = Date.now();
    expect(result).toMatchObject({ code, signal: null });
    expect(result.stderr).toContain(message);
    if (message === '') expect(result.stderr).toBe('');
    // The library waits for ten seconds.
    expect(ended - Number(result.stdout.split('\n')[0])).toBeLessThan(5000);
  });
});

describe.skipIf(!mechanisms.includes('NTLM'))('a context', () => {
  const open = () => openContext({ package: 'NTLM', service, credentials: { ...silentUser, domain: 'CORP' } });

  afterEach(untilAllFreed);

  it('makes a first token with a password, without a server', async () => {
    using context = await open();
    const { token, done } = await context.step();
    expect(token.toString('latin1', 0, 8)).toBe('NTLMSSP\0');
    expect(done).toBe(false);
    expect(openCount()).toBe(1);
  });

  it('rejects a step after it is closed, and a second step at once', async () => {
    const context = await open();
    const first = context.step();
    await expect(context.step()).rejects.toMatchObject({ name: 'TypeError', code: 'ERR_INVALID_HANDLE' });
    await first;
    context.close();
    context.close();
    await expect(context.step()).rejects.toMatchObject({ name: 'TypeError', code: 'ERR_INVALID_HANDLE' });
  });

  it('is closed by a token that is wrong', async () => {
    const context = await open();
    await context.step();
    const error = await errorOf(context.step(Buffer.from('not a challenge')));
    expect(error).toBeInstanceOf(MechanismError);
    await expect(context.step()).rejects.toMatchObject({ code: 'ERR_INVALID_HANDLE' });
  });

  it('is closed when the call that opened it was aborted', async () => {
    for (let i = 0; i < 20; ++i) {
      const controller = new AbortController();
      const credentials = { ...silentUser, domain: 'CORP' };
      const opening = openContext({ package: 'NTLM', service, credentials }, controller);
      controller.abort();
      await expect(opening).rejects.toBeInstanceOf(AbortError);
    }
    await untilAllFreed();
  });

  it('is closed when it is garbage-collected', async () => {
    await open();
    while (openCount() !== 0) {
      (globalThis as { gc?: () => void }).gc?.();
      await setImmediate();
    }
  });
});
