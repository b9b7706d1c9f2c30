// What a statement's test works with: handles of the backends under test, which are gone when it ends, and the checks
// that know which assertion is a gate.
import assert from 'node:assert/strict';
import type { Seen, WebSocketEndpoint } from '../../../lib/parity/websocket-endpoint.ts';
import type { FrameOptions } from '../../../lib/parity/websocket-frames.ts';
import { type Role, WebSocketStage } from '../../../lib/parity/websocket-stage.ts';
import { ActionQueue, sys, type WebSocketFunctions, type WebSocketHandle, type WebSocketProperty } from './subject.ts';

export type { Role };
export const ROLES: readonly Role[] = ['client', 'server'];

/** Which backend serves each role, and whether what is only assumed must hold as well. */
export interface Lane {
  readonly client: string;
  readonly server: string;
  readonly strict: boolean;
}

/** How a call fails: `code` is asserted wherever the statement runs, `preferred` only where assumptions must hold. */
export interface Failure {
  code?: string;
  preferred?: string;
}

export const OPERATION = 'E_INVALID_PROTOCOL_OPERATION';
export const FORMAT = 'E_INVALID_PROTOCOL_FORMAT';

let created = 0;

/** How many handles the statements of this process have created. */
export function handlesCreated(): number {
  return created;
}

interface NativeFailure extends Error {
  code: string;
  hresult: number;
  syscall: string;
}

function failureOf(call: () => unknown): NativeFailure {
  try {
    call();
  } catch (error) {
    assert.ok(error instanceof Error);
    const { hresult } = error as NativeFailure;
    if (typeof hresult !== 'number') throw error;
    return error as NativeFailure;
  }
  return assert.fail('the call succeeds');
}

export class StatementContext extends WebSocketStage {
  readonly lane: Lane;
  /** What was found otherwise than assumed, where that is no failure. */
  readonly notes: string[] = [];

  /** `functions` are those under test, if they are not the package's own. */
  constructor(lane: Lane, functions: WebSocketFunctions = sys) {
    super(functions);
    this.lane = lane;
  }

  override create(role: Role, properties?: readonly WebSocketProperty[]): WebSocketHandle {
    created += 1;
    return super.create(role, properties);
  }

  protected override createOptions(role: Role) {
    return { backend: this.lane[role] as 'system' | 'portable' };
  }

  globalProperty(type: number): number | number[] {
    return this.sys.WebSocketGetGlobalProperty(type, { backend: this.lane.client as 'system' | 'portable' });
  }

  /** Fails unless the call is refused by the backend: with an HRESULT, from that function. */
  fails(syscall: keyof typeof sys, call: () => unknown, { code, preferred }: Failure = {}): void {
    const failure = failureOf(call);
    assert.ok(failure.hresult >= 0x80000000, `0x${failure.hresult.toString(16)} is a failure`);
    assert.equal(failure.syscall, syscall);
    if (code !== undefined) assert.equal(failure.code, code);
    if (preferred !== undefined) this.assumed(() => assert.equal(failure.code, preferred));
  }

  /** An assertion that is no gate: where only what is known must hold, its failure becomes a note. */
  assumed(check: () => void): void {
    try {
      check();
    } catch (error) {
      if (this.lane.strict) throw error;
      this.notes.push((error as Error).message);
    }
  }

  /** The endpoint's peer sends the frame, and the next GetAction on the receive queue fails. */
  refusesFrame(endpoint: WebSocketEndpoint, frame: FrameOptions | Uint8Array, failure: Failure = {}): void {
    endpoint.receive();
    if (frame instanceof Uint8Array) endpoint.feed(frame);
    else endpoint.feedFrames(frame);
    this.fails('WebSocketGetAction', () => endpoint.pump(ActionQueue.RECEIVE), failure);
  }

  /** The endpoint's peer sends the frames, and everything they hold is indicated: the control of a refusal. */
  takesFrames(endpoint: WebSocketEndpoint, ...frames: FrameOptions[]): Seen[] {
    endpoint.feedFrames(...frames);
    const seen = endpoint.pumpAll();
    assert.equal(endpoint.unread, 0, 'everything is read');
    return seen;
  }
}
