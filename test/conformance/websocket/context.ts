// The context of a statement's test: handles of the tested backends, which are deleted at its end, and checks that
// distinguish gates from assumptions.
import assert from 'node:assert/strict';
import type { SeenAction, WebSocketEndpoint } from '../../../lib/parity/websocket-endpoint.ts';
import type { FrameOptions } from '../../../lib/parity/websocket-frames.ts';
import { type Role, WebSocketStage } from '../../../lib/parity/websocket-stage.ts';
import { ActionQueue, sys, type WebSocketFunctions, type WebSocketHandle, type WebSocketProperty } from './subject.ts';

export type { Role };
export const ROLES: readonly Role[] = ['client', 'server'];

/** The backend of each role, and whether assumptions must hold as well. */
export interface Lane {
  readonly client: string;
  readonly server: string;
  readonly strict: boolean;
}

/** How a call fails: `code` is asserted in every lane, `preferred` only in strict ones. */
export interface Failure {
  code?: string;
  preferred?: string;
}

export const OPERATION = 'E_INVALID_PROTOCOL_OPERATION';
export const FORMAT = 'E_INVALID_PROTOCOL_FORMAT';

let created = 0;

/** Returns how many handles the statements of this process have created. */
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
  /** Results that differ from an assumption without failing the test. */
  readonly notes: string[] = [];

  /** `functions` are tested instead of the package's own. */
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

  /** Fails unless this function throws an HRESULT of the backend. */
  fails(syscall: keyof typeof sys, call: () => unknown, { code, preferred }: Failure = {}): void {
    const failure = failureOf(call);
    assert.ok(failure.hresult >= 0x80000000, `0x${failure.hresult.toString(16)} is a failure`);
    assert.equal(failure.syscall, syscall);
    if (code !== undefined) assert.equal(failure.code, code);
    if (preferred !== undefined) this.assumed(() => assert.equal(failure.code, preferred));
  }

  /** Runs an assertion about an assumption: outside strict lanes its failure becomes a note. */
  assumed(check: () => void): void {
    try {
      check();
    } catch (error) {
      if (this.lane.strict) throw error;
      this.notes.push((error as Error).message);
    }
  }

  /** The endpoint's peer sends the frame, and the next GetAction of the receive queue fails. */
  refusesFrame(endpoint: WebSocketEndpoint, frame: FrameOptions | Uint8Array, failure: Failure = {}): void {
    endpoint.receive();
    if (frame instanceof Uint8Array) endpoint.feed(frame);
    else endpoint.feedFrames(frame);
    this.fails('WebSocketGetAction', () => endpoint.pump(ActionQueue.RECEIVE), failure);
  }

  /** The endpoint's peer sends the frames, and all are indicated: the control of a rejection. */
  takesFrames(endpoint: WebSocketEndpoint, ...frames: FrameOptions[]): SeenAction[] {
    endpoint.feedFrames(...frames);
    const seen = endpoint.pumpAll();
    assert.equal(endpoint.unread, 0, 'everything is read');
    return seen;
  }
}
