/** Random sequences of the 13 functions, as data that fast-check can generate and shrink. */
import type * as FastCheck from 'fast-check';
import { ActionQueue, BufferType } from '../websocket/functions/websocket-types.ts';
import type { WebSocketScenario } from './scenario.ts';
import type { WebSocketEndpoint } from './websocket-endpoint.ts';
import { patterned } from './websocket-frames.ts';
import type { Role, WebSocketStage } from './websocket-stage.ts';

/** One action of the script on one of two endpoints. */
type WebSocketMove =
  | { readonly move: 'send'; readonly role: Role; readonly type: keyof typeof BufferType; readonly size: number }
  | { readonly move: 'close'; readonly role: Role; readonly status: number; readonly reason: string | undefined }
  | { readonly move: 'receive'; readonly role: Role }
  | { readonly move: 'step' | 'pump'; readonly role: Role; readonly queue: keyof typeof ActionQueue }
  | {
      readonly move: 'frame';
      readonly role: Role;
      readonly opcode: number;
      readonly fin: boolean;
      readonly rsv: number;
      readonly size: number;
      readonly cut: number;
    }
  | { readonly move: 'bytes'; readonly role: Role; readonly bytes: readonly number[] }
  | { readonly move: 'abort'; readonly role: Role }
  | { readonly move: 'carry' };

type Pair = Readonly<Record<Role, WebSocketEndpoint>>;

/** Returns a script that performs the moves. A failed call does not end it. */
export function websocketScript(moves: readonly WebSocketMove[]): WebSocketScenario['run'] {
  return (t) => {
    const pair = t.pair();
    for (const move of moves) t.attempt(() => make(t, pair, move));
  };
}

function make(t: WebSocketStage, pair: Pair, move: WebSocketMove): unknown {
  if (move.move === 'carry') return t.exchange(pair.client, pair.server);
  const endpoint = pair[move.role];
  switch (move.move) {
    case 'send':
      return endpoint.send(BufferType[move.type], move.size < 0 ? undefined : patterned(move.size), `${move.size}`);
    case 'close':
      return endpoint.sendClose(move.status, move.reason);
    case 'receive':
      return endpoint.receive();
    case 'step':
      return endpoint.step(ActionQueue[move.queue]);
    case 'pump':
      return endpoint.pump(ActionQueue[move.queue]);
    case 'frame': {
      const frame = endpoint.peerFrame({ ...move, payload: patterned(move.size) });
      return endpoint.feed(frame.subarray(0, move.cut), frame.subarray(move.cut));
    }
    case 'bytes':
      return endpoint.feed(Uint8Array.from(move.bytes));
    case 'abort':
      return endpoint.abort();
  }
}

/** Returns the generator. Sizes are near the limits of the length codings and default buffers. */
export function websocketMoves(fc: typeof FastCheck): FastCheck.Arbitrary<WebSocketMove[]> {
  const role = fc.constantFrom<Role>('client', 'server');
  const size = fc.oneof(fc.nat(20), fc.constantFrom(125, 126, 4096, 4097, 65535, 65536));
  const queue = fc.constantFrom(...(Object.keys(ActionQueue) as (keyof typeof ActionQueue)[]));
  const type = fc.constantFrom(...(Object.keys(BufferType) as (keyof typeof BufferType)[]));
  const move = <Name extends WebSocketMove['move'], Rest extends object>(
    name: Name,
    rest: { [K in keyof Rest]: FastCheck.Arbitrary<Rest[K]> },
  ) => fc.record({ move: fc.constant(name), ...rest });
  const one = fc.oneof(
    { weight: 6, arbitrary: move('send', { role, type, size: fc.oneof(size, fc.constant(-1)) }) },
    { weight: 5, arbitrary: move('receive', { role }) },
    { weight: 4, arbitrary: move('pump', { role, queue }) },
    { weight: 4, arbitrary: move('step', { role, queue }) },
    { weight: 4, arbitrary: fc.constant({ move: 'carry' as const }) },
    { weight: 4, arbitrary: move('frame', frameFields(fc, role, size)) },
    { weight: 1, arbitrary: move('bytes', { role, bytes: fc.array(fc.nat(255), { minLength: 1, maxLength: 12 }) }) },
    {
      weight: 1,
      arbitrary: move('close', {
        role,
        status: fc.constantFrom(1000, 1001, 1005, 3000, 999),
        reason: fc.constantFrom(undefined, '', 'bye'),
      }),
    },
    { weight: 1, arbitrary: move('abort', { role }) },
  );
  return fc.array(one as FastCheck.Arbitrary<WebSocketMove>, { minLength: 1, maxLength: 30 });
}

function frameFields(fc: typeof FastCheck, role: FastCheck.Arbitrary<Role>, size: FastCheck.Arbitrary<number>) {
  return {
    role,
    opcode: fc.constantFrom(0, 1, 2, 8, 9, 10, 3),
    fin: fc.boolean(),
    rsv: fc.constantFrom(0, 0, 0, 4),
    size,
    cut: fc.nat(12),
  };
}
