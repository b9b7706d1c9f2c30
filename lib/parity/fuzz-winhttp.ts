/** Random sequences of the members of IWinHttpRequest, as data that fast-check can generate and shrink. */
import type * as FastCheck from 'fast-check';
import type { IWinHttpRequest } from '../winhttp/request/winhttp-interface.ts';
import type { WinHttpRequestOption } from '../winhttp/request-option.ts';
import type { Answer } from './http-server.ts';
import type { ResponseOptions } from './http-wire.ts';
import type { WinHttpScenario } from './scenario.ts';

/** One call; each is awaited before the next. */
type WinHttpMove =
  | { readonly move: 'open'; readonly method: string; readonly target: string; readonly async: boolean }
  | { readonly move: 'header'; readonly name: string; readonly value: string }
  | { readonly move: 'send'; readonly body: string | undefined }
  | { readonly move: 'option'; readonly option: keyof typeof WinHttpRequestOption; readonly value: number | boolean }
  | { readonly move: 'timeouts'; readonly value: number }
  | { readonly move: 'responseHeader'; readonly name: string }
  | { readonly move: 'abort' | 'status' | 'statusText' | 'responseText' | 'responseBody' | 'getAllResponseHeaders' };

/** The server's answers by target. */
const ANSWERS: Readonly<Record<string, ResponseOptions>> = {
  '/hello': { headers: { 'Content-Type': 'text/plain' }, body: 'hello' },
  '/utf8': { headers: { 'Content-Type': 'text/plain; charset=utf-8' }, body: 'grün €' },
  '/empty': { status: 204, phrase: 'No Content' },
  '/missing': { status: 404, phrase: 'Not Found', body: 'no such thing' },
  '/redirect': { status: 302, phrase: 'Found', headers: { Location: '/hello' } },
  '/twice': { headers: { 'X-Twice': ['first', 'second'] }, body: Uint8Array.of(0, 255) },
};

const answer: Answer = (request, reply) => reply.send(ANSWERS[request.target] ?? {});

/** Returns a script that makes the calls. A failed call does not end it. */
export function winhttpScript(moves: readonly WinHttpMove[]): WinHttpScenario['run'] {
  return async (t) => {
    const server = await t.serve(answer);
    const request = await t.create();
    for (const move of moves) await t.attempt(async () => make(request, move, server.url()));
  };
}

async function make(request: IWinHttpRequest, move: WinHttpMove, root: string): Promise<unknown> {
  switch (move.move) {
    case 'open':
      return request.open(move.method, new URL(move.target, root).href, move.async);
    case 'header':
      return request.setRequestHeader(move.name, move.value);
    case 'send':
      return request.send(move.body);
    case 'option':
      await request.setOption(move.option, move.value);
      return request.getOption(move.option);
    case 'timeouts':
      return request.setTimeouts(move.value, move.value, move.value, move.value);
    case 'responseHeader':
      return request.getResponseHeader(move.name);
    case 'abort':
    case 'getAllResponseHeaders':
      return request[move.move]();
    default:
      return request[move.move];
  }
}

/** Returns the generator. */
export function winhttpMoves(fc: typeof FastCheck): FastCheck.Arbitrary<WinHttpMove[]> {
  const open = {
    move: fc.constant('open' as const),
    method: fc.constantFrom('GET', 'GET', 'POST', 'HEAD', 'PUT'),
    target: fc.constantFrom(...Object.keys(ANSWERS)),
    async: fc.boolean(),
  };
  const header = {
    move: fc.constant('header' as const),
    name: fc.constantFrom('X-Name', 'x-name', 'Accept', 'Content-Type', 'a b'),
    value: fc.constantFrom('', 'value', 'text/plain'),
  };
  const option = {
    move: fc.constant('option' as const),
    option: fc.constantFrom('EnableRedirects' as const, 'URLCodePage' as const, 'MaxAutomaticRedirects' as const),
    value: fc.constantFrom(true, false, 1, 65001),
  };
  const read = fc.constantFrom(
    ...(['abort', 'status', 'statusText', 'responseText', 'responseBody', 'getAllResponseHeaders'] as const),
  );
  const one = fc.oneof(
    { weight: 4, arbitrary: fc.record(open) },
    {
      weight: 4,
      arbitrary: fc.record({ move: fc.constant('send' as const), body: fc.constantFrom(undefined, '', 'body', 'ü') }),
    },
    { weight: 5, arbitrary: read.map((move) => ({ move })) },
    { weight: 2, arbitrary: fc.record(header) },
    { weight: 1, arbitrary: fc.record(option) },
    {
      weight: 1,
      arbitrary: fc.record({ move: fc.constant('timeouts' as const), value: fc.constantFrom(0, -1, -2, 5000) }),
    },
    {
      weight: 1,
      arbitrary: fc.record({
        move: fc.constant('responseHeader' as const),
        name: fc.constantFrom('Content-Type', 'X-Twice', 'X-None'),
      }),
    },
  );
  return fc.array(one as FastCheck.Arbitrary<WinHttpMove>, { minLength: 1, maxLength: 16 });
}
