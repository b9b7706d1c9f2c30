// No request uses a connection that another user has authenticated: Apache authenticates connections here, so a request on a
// foreign one would be answered in that user's name.
import { afterAll, beforeAll, expect, it } from 'vitest';
import { keepsTickets, namesUsers } from '../../helpers/mechanism-abilities.ts';
import { accountOf, type LogEntry, loggedBy, logOff, logOn, principalOf, realm } from '../../helpers/realm.ts';
import { byAccount, byPrincipal, type Requester, requestFromRealm } from '../../helpers/realm-request.ts';

const REQUESTS = 1000;
const AT_ONCE = 16;

const requesters: readonly { readonly as?: Requester; readonly user: string }[] = [
  { user: '' },
  { as: 'logged-on', user: principalOf('alice') },
  // Where a password replaces the tickets of the logged-on user, the two cannot be mixed.
  ...((await keepsTickets()) ? [{ as: byPrincipal('bob'), user: principalOf('bob') }] : []),
  { as: byAccount('carol'), user: accountOf('carol') },
  { as: { ...byAccount('carol'), password: 'wrong' }, user: '' },
];

/** Numbers from 0 in an order that looks random, the same in each run. */
const mixed = (count: number): number[] => Array.from({ length: count }, (_, index) => (index * 7919) % count);

const names = await namesUsers();

beforeAll(() => logOn('alice'));
afterAll(logOff);

it(`${REQUESTS} mixed requests of ${requesters.length} users, each with its own connections`, {
  timeout: 300_000,
}, async () => {
  const open = mixed(REQUESTS);
  const wrong: string[] = [];
  const work = async () => {
    for (let number = open.pop(); number !== undefined; number = open.pop()) {
      const kind = number % requesters.length;
      const { as, user } = requesters[kind] as (typeof requesters)[number];
      const result = await requestFromRealm({
        backend: 'portable',
        url: `${realm.server}/negotiate/${number}`,
        id: `identity-${kind}-${number}`,
        as,
      });
      const isRight = result.user === user && result.status === (user === '' ? 401 : 200);
      if (!isRight) wrong.push(`${number}, ${user}: ${result.status} ${result.user}`);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  expect(wrong).toEqual([]);

  const entries = await loggedBy('apache', ({ request }) => request.startsWith('identity-'), REQUESTS);
  const kindOf = (request: string) => Number(request.split('-')[1]);
  const foreign = entries.filter(({ request, user }) => user !== '-' && user !== requesters[kindOf(request)]?.user);
  expect(foreign).toEqual([]);
  const kindsOnPort = new Map<number, Set<number>>();
  for (const { port, request } of entries)
    kindsOnPort.set(port, (kindsOnPort.get(port) ?? new Set()).add(kindOf(request)));
  const usersOnPort = [...kindsOnPort.values()].filter((kinds) => kinds.size > 1);
  expect(usersOnPort).toEqual([]);
  // Connections are kept: the users who are let in need far fewer than they have requests. A user without a name could be
  // another one next time, and has a connection for each.
  const isKept = ({ user }: LogEntry) => user !== '-' && (names || user !== principalOf('alice'));
  const kept = new Set(entries.filter(isKept).map(({ port }) => port));
  expect(kept.size).toBeLessThan(REQUESTS / 4);
});
