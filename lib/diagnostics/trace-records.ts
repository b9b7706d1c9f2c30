/** Parses the records of native/backend/tracing_api.h. */
import { Action, ActionQueue, BufferType } from '../websocket/functions/websocket-types.ts';

/** A component call of a connection's pump. Fields that a call does not have are absent. */
export interface TracedCall {
  /** Milliseconds since the trace began. */
  readonly time: number;
  readonly syscall:
    | 'WebSocketSend'
    | 'WebSocketReceive'
    | 'WebSocketGetAction'
    | 'WebSocketCompleteAction'
    | 'WebSocketAbortHandle';
  /** `out` for sending and its actions; `in` for receiving, including the pongs that answer pings. */
  readonly direction?: 'in' | 'out';
  /** The returned HRESULT, unsigned; 0 is success. Absent for the two functions that return nothing. */
  readonly hresult?: number;
  /** The queue passed to the call. */
  readonly queue?: keyof typeof ActionQueue;
  /** The action that the component returned or, of WebSocketCompleteAction, that is completed. */
  readonly action?: keyof typeof Action;
  /** Identifies the action in its two calls; starts at 1. */
  readonly actionId?: number;
  readonly bufferType?: keyof typeof BufferType;
  /** The size of each buffer: sent, available for receiving, or indicated. */
  readonly sizes?: readonly number[];
  /** The status of a close. */
  readonly closeStatus?: number;
  /** The number of bytes passed to WebSocketCompleteAction. */
  readonly bytesTransferred?: number;
}

const RECORD_SIZE = 56;
const LOST = 0;
const SYSCALLS = [
  undefined,
  'WebSocketSend',
  'WebSocketReceive',
  'WebSocketGetAction',
  'WebSocketCompleteAction',
  'WebSocketAbortHandle',
] as const;

type Names<Enum extends Record<string, number>> = ReadonlyMap<number, keyof Enum>;

const namesOf = <Enum extends Record<string, number>>(values: Enum): Names<Enum> =>
  new Map(Object.entries(values).map(([name, value]) => [value, name]));

const ACTIONS = namesOf(Action);
const QUEUES = namesOf(ActionQueue);
const BUFFER_TYPES = namesOf(BufferType);

/** Parses records in order, and remembers actions, because their completion does not repeat them. */
export class TraceReader {
  readonly #outstanding = new Map<number, TracedCall>();

  /** Returns the calls, and how many were lost because the recorder was full. */
  read(records: ArrayBuffer): { calls: TracedCall[]; lost: number } {
    const calls: TracedCall[] = [];
    let lost = 0;
    for (let at = 0; at < records.byteLength; at += RECORD_SIZE) {
      const [time = 0] = new Float64Array(records, at, 1);
      const words = new Uint32Array(records, at + 8, 12);
      if (words[0] === LOST) lost += words[6] ?? 0;
      else calls.push(this.#call(time, words));
    }
    return { calls, lost };
  }

  #call(time: number, words: Uint32Array): TracedCall {
    const [kind = 0, hresult = 0, , , bufferType = 0, actionId = 0, bytesTransferred] = words;
    const syscall = SYSCALLS[kind] as TracedCall['syscall'];
    switch (syscall) {
      case 'WebSocketSend':
        return { time, syscall, direction: 'out', hresult, ...typeOf(bufferType), ...buffersOf(words) };
      case 'WebSocketReceive':
        return { time, syscall, direction: 'in', hresult };
      case 'WebSocketGetAction':
        return this.#action(time, words);
      case 'WebSocketCompleteAction': {
        const { direction, queue, action, bufferType } = this.#outstanding.get(actionId) ?? {};
        this.#outstanding.delete(actionId);
        const known = defined({ direction, queue, action, actionId: actionId || undefined, bufferType });
        return { time, syscall, ...known, bytesTransferred: bytesTransferred ?? 0 };
      }
      default:
        return { time, syscall };
    }
  }

  #action(time: number, words: Uint32Array): TracedCall {
    const [, hresult = 0, queueNumber = 0, actionNumber = 0, bufferType = 0, actionId = 0] = words;
    const queue = QUEUES.get(queueNumber);
    const direction = queue === 'RECEIVE' ? 'in' : 'out';
    const asked: TracedCall = { time, syscall: 'WebSocketGetAction', direction, hresult, ...defined({ queue }) };
    if (hresult !== 0) return asked;
    const action = ACTIONS.get(actionNumber);
    if (actionId === 0) return { ...asked, ...defined({ action }) };
    const call = { ...asked, ...defined({ action }), actionId, ...typeOf(bufferType), ...buffersOf(words) };
    this.#outstanding.set(actionId, call);
    return call;
  }
}

function typeOf(bufferType: number): Pick<TracedCall, 'bufferType'> {
  return defined({ bufferType: BUFFER_TYPES.get(bufferType) });
}

function buffersOf(words: Uint32Array): Pick<TracedCall, 'sizes' | 'closeStatus'> {
  const [closeStatus = 0, count = 0] = words.subarray(7);
  const sizes = [...words.subarray(9, 9 + count)];
  return closeStatus === 0 ? { sizes } : { sizes, closeStatus };
}

type Defined<T> = { [Key in keyof T]?: NonNullable<T[Key]> };

function defined<T extends object>(values: T): Defined<T> {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as Defined<T>;
}
