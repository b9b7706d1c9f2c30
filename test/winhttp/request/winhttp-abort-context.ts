// Shared by the tests of abort: an object must be usable afterwards, and its promise settled exactly once.
import { once } from 'node:events';
import type { Socket } from 'node:net';
import { expect } from 'vitest';
import { WinwireError } from '../../../lib/errors.ts';
import type { WinHttpRequest } from '../../../lib/index.ts';
import type { ScriptedServer } from '../../../lib/parity/http-server.ts';
import { turns, within } from '../../../lib/parity/waiting.ts';
import { RequestContext } from '../../conformance/winhttp/context.ts';
import { namesOf, record } from '../../conformance/winhttp/events.ts';
import { Code } from '../../conformance/winhttp/hresult.ts';

export const PROMPT_MS = 200;

/** An abort that waited for an answer would take forever; a busy machine takes some time. */
const LIMIT_MS = 5_000;

/** Returns how often a promise settled, and how. */
export function settlements(promise: Promise<unknown>): unknown[] {
  const told: unknown[] = [];
  promise.then(
    () => told.push('fulfilled'),
    (error) => told.push(error),
  );
  return told;
}

export function hresultOf(error: unknown): number | undefined {
  return error instanceof WinwireError ? error.hresult : undefined;
}

export class AbortContext extends RequestContext {
  /** Whether the connection of an aborted request stays open until its server closes it (RQ-141). */
  readonly leavesConnections = this.lane.provider === 'Wine';

  /** Resolves when the server has no open connection. */
  async expectClosed(server: ScriptedServer): Promise<void> {
    if (this.leavesConnections) server.cut();
    await server.closed();
  }

  /** The same for a connection of another server. */
  async expectSocketClosed(socket: Socket): Promise<void> {
    if (this.leavesConnections) socket.destroy();
    if (!socket.closed) await within(once(socket, 'close'), 'the connection is closed');
  }

  /** The object performs another complete request. */
  async expectUsable(request: WinHttpRequest): Promise<void> {
    const server = await this.serve((seen, reply) => reply.send({ status: 201, body: `${seen.method} ${seen.body}` }));
    await request.open('POST', server.url());
    await request.send('again');
    expect(await request.status).toBe(201);
    expect(await request.responseText).toBe('POST again');
  }

  /** Aborts a pending request and checks all guarantees; `pending` is its send. */
  async expectAborted(request: WinHttpRequest, pending: Promise<unknown>): Promise<void> {
    const told = settlements(pending);
    const events = record(request);
    await within(request.abort(), 'abort returns', LIMIT_MS);
    await turns();
    expect(told.map(hresultOf)).toEqual([Code.CANCELLED]);
    expect(namesOf(events)).toEqual([]);
    await this.gettersFail(request, Code.CANNOT_CALL_BEFORE_SEND);
    await this.fails(() => request.send(), Code.CANNOT_CALL_BEFORE_OPEN);
    request.removeAllListeners();
  }
}
