// Many requests, aborted at random moments: none hangs, none settles twice, every object stays usable.
//   WINWIRE_ABORT_STRESS=10000  how many requests; then memory is looked at, too
//   WINWIRE_SEED=1              the moments of a run that failed
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { WinwireError } from '../../../lib/errors.ts';
import type { WinHttpRequest } from '../../../lib/index.ts';
import type { Answer } from '../../../lib/parity/http-server.ts';
import type { Reply, SeenRequest } from '../../../lib/parity/http-wire.ts';
import { turns, within } from '../../../lib/parity/waiting.ts';
import { RequestContext } from '../../conformance/winhttp/context.ts';
import { Code } from '../../conformance/winhttp/hresult.ts';
import { lanes } from '../../conformance/winhttp/registry.ts';

const asked = Number(process.env.WINWIRE_ABORT_STRESS ?? 0);
const requests = asked || 400;
const seed = Number(process.env.WINWIRE_SEED ?? 1);
const atOnce = 20;
const warmUp = 2_000;
const allowedGrowth = 16 << 20;

declare const gc: (() => void) | undefined;

/** Mulberry32: equal numbers for equal seeds. */
function randomNumbers(start: number): (below: number) => number {
  let state = start >>> 0;
  return (below) => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
  };
}

const large = Buffer.alloc(512 << 10, 'x');

/** The unanswered connections, by the number of the request. */
const unanswered = new Map<string, Reply>();

function keep(request: SeenRequest, reply: Reply): Promise<void> {
  unanswered.set(numberOf(request.target), reply);
  return new Promise<void>(() => {});
}

const numberOf = (target: string) => target.split('?')[1] ?? '';

const answers: Readonly<Record<string, Answer>> = {
  '/whole': (_request, reply) => reply.send({ body: 'hello' }),
  '/large': (_request, reply) => reply.send({ body: large }),
  '/redirect': (_request, reply) => reply.send({ status: 302, headers: { Location: '/whole' } }),
  '/reset': (_request, reply) => reply.reset(),
  '/half': (request, reply) => {
    reply.write('HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\npart');
    return keep(request, reply);
  },
  '/never': keep,
};

const targets = Object.keys(answers);
const endless = ['/half', '/never'];
// The third is Winsock's, which Wine passes on.
const brokenOff = [Code.CONNECTION_ERROR, Code.INVALID_SERVER_RESPONSE, Code.WINSOCK_RESET];

const answer: Answer = (request, reply) => answers[request.target.split('?')[0] ?? '']?.(request, reply);

let count = 0;

type Random = ReturnType<typeof randomNumbers>;

/** Waits for a random moment. */
async function moment(request: WinHttpRequest, random: Random): Promise<void> {
  const kind = random(5);
  if (kind === 1) for (let count = random(20); count > 0; count -= 1) await undefined;
  if (kind === 2) await turns(random(12));
  if (kind === 3) await request.waitForResponse(random(5) / 1000).catch(() => {});
  if (kind === 4) await request.status.catch(() => {});
}

/** Returns how a send ended; fails if it ends twice or not at all. */
async function endOf(send: Promise<void>, what: string): Promise<number | 'fulfilled'> {
  const told: (number | 'fulfilled')[] = [];
  const settled = send.then(
    () => told.push('fulfilled'),
    (error) => told.push(error instanceof WinwireError ? error.hresult : -1),
  );
  await within(settled, what);
  await turns(1);
  expect(told, what).toHaveLength(1);
  return told[0] as number | 'fulfilled';
}

async function oneRequest(request: WinHttpRequest, url: (path: string) => string, random: Random): Promise<void> {
  const target = targets[random(targets.length)] as string;
  count += 1;
  const number = `${count}`;
  const aborts = endless.includes(target) || random(3) > 0;
  await request.open('GET', url(`${target}?${number}`), random(2) === 0);
  const end = endOf(request.send(), `${target} ends`);
  if (aborts) {
    await moment(request, random);
    if (random(8) === 0) await request.open('GET', url('/whole'));
    else await within(request.abort(), `abort of ${target} returns`);
  }
  const allowed = [
    ...(aborts ? [Code.CANCELLED] : []),
    ...(target === '/reset' ? brokenOff : endless.includes(target) ? [] : ['fulfilled']),
  ];
  expect(allowed, target).toContain(await end);
  // If an abort leaves connections open (RQ-141), there would be too many.
  unanswered.get(number)?.reset();
  unanswered.delete(number);
}

describe.each(lanes)('random aborts on $backend', (lane) => {
  let t: RequestContext;
  beforeEach(() => {
    t = new RequestContext(lane);
  });
  afterEach(() => t.dispose());

  test(`${requests} requests, ${atOnce} at a time, seed ${seed}`, { timeout: 60_000 + requests * 50 }, async () => {
    const server = await t.serve(answer, { forgetful: true });
    const random = randomNumbers(seed);
    let left = requests;
    let memory = 0;
    const one = async () => {
      const request = await t.create();
      for (; left > 0; left -= 1) {
        if (asked > warmUp && left === requests - warmUp) memory = memoryInUse();
        await oneRequest(request, (path) => server.url(path), random);
      }
      await request.abort();
    };
    await Promise.all(Array.from({ length: atOnce }, one));
    if (memory > 0) expect(memoryInUse() - memory).toBeLessThan(allowedGrowth);
    const control = await t.fetch(server.url('/whole'));
    expect(await control.responseText).toBe('hello');
  });
});

function memoryInUse(): number {
  gc?.();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}
