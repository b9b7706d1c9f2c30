/** Converts a status of the addon into the error that a function throws. */
import { detached } from '../../bytes.ts';
import {
  argumentOutOfRange,
  componentError,
  invalidActionContext,
  invalidArgumentType,
  invalidHandle,
} from '../../errors.ts';
import { HResult } from '../../hresult.ts';
import { type NativeStatus, Refusal } from '../../native.ts';
import type { HandleState } from './handle.ts';

/** The argument that a Refusal refers to. */
interface Subject {
  readonly name: string;
  readonly value: unknown;
}

const NO_SUBJECT: Subject = { name: 'argument', value: undefined };

/**
 * Throws unless the status is a success.
 *
 * @param syscall the function's name
 * @param status an HRESULT, or a Refusal
 * @param subject the argument that a Refusal refers to
 */
export function fail(syscall: string, status: NativeStatus, { name, value }: Subject = NO_SUBJECT): never {
  switch (status) {
    case Refusal.HANDLE:
      throw invalidHandle();
    case Refusal.ACTION_CONTEXT:
      throw invalidActionContext('names no outstanding action: each is completed once');
    case Refusal.BYTES_EXPECTED:
      throw invalidArgumentType(name, 'the bytes that were read, or 0, for RECEIVE_FROM_NETWORK', value);
    case Refusal.NUMBER_EXPECTED:
      throw invalidArgumentType(name, 'a number, except for RECEIVE_FROM_NETWORK', value);
    case Refusal.COUNT:
      throw argumentOutOfRange(name, 'no more bytes than the action has', value);
    case Refusal.DETACHED:
      throw detached(name, value);
    case Refusal.LENGTH:
      throw argumentOutOfRange(name, 'at most 4294967295 bytes', value);
    case Refusal.ARGUMENT:
      throw new Error(`${syscall}: an argument was not understood by winwire.node`);
    default:
      throw componentError(syscall, status);
  }
}

/**
 * Throws as {@link fail} does, with what the HRESULT leaves out: for a call in the wrong order the handle's state and what
 * to call, for E_INVALIDARG what `invalid` returns.
 */
export function failIn(
  state: HandleState,
  syscall: string,
  status: NativeStatus,
  invalid: () => string | undefined,
  subject?: Subject,
): never {
  const hresult = status >>> 0;
  if (hresult === HResult.E_INVALID_PROTOCOL_OPERATION) failWith(syscall, status, orderText(state, syscall));
  if (hresult === HResult.E_INVALIDARG) failWith(syscall, status, invalid());
  fail(syscall, status, subject);
}

/** Throws a WinwireError, with a detail if there is one. */
export function failWith(syscall: string, status: NativeStatus, detail: string | undefined): never {
  throw componentError(syscall, status, detail);
}

function orderText({ role, phase }: HandleState, syscall: string): string | undefined {
  const [begin, end] = role === 'client' ? CLIENT : SERVER;
  const [, other] = /(Client|Server)Handshake$/.exec(syscall) ?? [];
  if (other !== undefined && other.toLowerCase() !== role) return `the handle is a ${role}'s: call ${begin} and ${end}`;
  switch (phase) {
    case 'created':
      return `the handshake has not begun: call ${syscall === end ? begin : `${begin} and ${end}`} first`;
    case 'begun':
      return syscall === begin ? 'the handshake has begun already' : `the handshake has not ended: call ${end} first`;
    case 'aborted':
      return 'the handle was aborted';
    default:
      return other === undefined ? OPEN[syscall] : 'the handshake has ended already';
  }
}

const CLIENT = ['WebSocketBeginClientHandshake', 'WebSocketEndClientHandshake'] as const;
const SERVER = ['WebSocketBeginServerHandshake', 'WebSocketEndServerHandshake'] as const;

/** What can be wrong on an open handle. */
const OPEN: Readonly<Record<string, string>> = {
  WebSocketSend: 'the handle is open, but a close was sent or received, or a message of the other type is unfinished',
  WebSocketReceive: "the handle is open, but the peer's close was received",
};
