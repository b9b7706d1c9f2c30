/** Turns a status of the addon into the error that a function throws. */
import { detached } from '../../bytes.ts';
import {
  argumentOutOfRange,
  invalidActionContext,
  invalidArgumentType,
  invalidHandle,
  WinwireError,
} from '../../errors.ts';
import { type NativeStatus, Refusal } from '../../native.ts';

/** The argument that a refusal of the addon is about. */
interface Subject {
  readonly name: string;
  readonly value: unknown;
}

const NO_SUBJECT: Subject = { name: 'argument', value: undefined };

/**
 * Throws for a status that is no success.
 *
 * @param syscall the function's name
 * @param status an HRESULT, or a Refusal
 * @param subject the argument that a refusal is about
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
      throw new WinwireError(syscall, status);
  }
}
