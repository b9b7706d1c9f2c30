// The test of each statement, and the lanes in which it runs.
import { type BackendInfo, backends } from '../../../lib/backends.ts';
import { backendPairs } from '../../helpers/backends.ts';
import { abort } from './abort.ts';
import { closeIn } from './close-in.ts';
import type { Lane } from './context.ts';
import { controlFrames } from './control-frames.ts';
import { create } from './create.ts';
import { globalProperties } from './global-properties.ts';
import { handshakeClient } from './handshake-client.ts';
import { handshakeClientResponse } from './handshake-client-response.ts';
import { handshakeServer } from './handshake-server.ts';
import { type KnownDifference, knownDifferences } from './known-differences.ts';
import { memory } from './memory.ts';
import { output } from './output.ts';
import { peerErrors } from './peer-errors.ts';
import { pingPong } from './ping-pong.ts';
import { probe } from './probe.ts';
import { queues } from './queues.ts';
import { receiving } from './receiving.ts';
import { sending } from './sending.ts';
import { plain, type Statement, type StatementSection, type StatementTest } from './statement.ts';

/** The sections of tests through winwire/sys. */
export const sections: readonly StatementSection[] = [
  create,
  globalProperties,
  handshakeClient,
  handshakeClientResponse,
  handshakeServer,
  queues,
  sending,
  controlFrames,
  receiving,
  pingPong,
  closeIn,
  peerErrors,
  abort,
  memory,
  output,
];

/** The providers, as the results name them: "client/server" if they differ. */
export interface Subject {
  readonly backend: string;
  readonly provider: string;
  readonly version: string | undefined;
  /** The name of the file without its folder. */
  readonly file: string | undefined;
}

export interface StatementLane extends Lane {
  readonly subject: Subject;
}

/** Returns the test of a statement; the probe runs over one backend's table. */
export function testOf({ id, face }: Statement): StatementTest {
  if (face !== 'sys') return plain(({ lane }) => probe.runStatement(id, lane.client));
  const test = sections.map((section) => section[id]).find((found) => found !== undefined);
  if (test === undefined) throw new Error(`${id} has no test`);
  return typeof test === 'function' ? plain(test) : test;
}

/** Assumptions must hold for our own engine; other implementations are tested for known facts only. */
function isOurs(info: BackendInfo): boolean {
  return info.provider === 'portable' || info.provider === 'stand-in';
}

function joined(client: string | undefined, server: string | undefined): string {
  return client === server ? `${client}` : `${client}/${server}`;
}

function laneOf(client: 'system' | 'portable', server: 'system' | 'portable'): StatementLane {
  const { websocket } = backends();
  const [a, b] = [websocket[client], websocket[server]];
  const file = client === server ? a.file?.split(/[\\/]/).at(-1) : undefined;
  const subject = {
    backend: joined(client, server),
    provider: joined(a.provider, b.provider),
    version: joined(a.version, b.version),
    file,
  };
  return { client, server, strict: isOurs(a) && isOurs(b), subject };
}

/** All combinations of the available backends: each with itself first. */
export const lanes: readonly StatementLane[] = backendPairs
  .map(([client, server]) => laneOf(client, server))
  .toSorted((a, b) => Number(a.client !== a.server) - Number(b.client !== b.server));

/** Whether a statement runs in a lane: with two backends only statements with both roles. */
export function runsIn(test: StatementTest, lane: Lane): boolean {
  return test.bothRoles || lane.client === lane.server;
}

export function differenceOf({ id }: Statement, lane: StatementLane): KnownDifference | undefined {
  return knownDifferences.find((difference) => difference.id === id && difference.provider === lane.subject.provider);
}
