/** Packages that reach the network by other ways than the global dispatcher and the global agents, or by both. */
import type { InstalledPackage } from './installed-packages.ts';

/** What is known of a package: whether `install()` reaches it, and what to do if not, or in addition. */
export interface KnownClient {
  readonly isReached: boolean;
  readonly help?: string;
}

const AGENT = '{ agent: new ProxyAgent() }';
const FORWARDER = "start the program by 'winwire proxy -- COMMAND'";

const KNOWN: Readonly<Record<string, KnownClient>> = {
  got: { isReached: true },
  ky: { isReached: true },
  'node-fetch': { isReached: true },
  ofetch: { isReached: true },
  axios: { isReached: true, help: 'pass proxy: false where HTTP_PROXY or HTTPS_PROXY is set: axios reads them itself' },
  ws: { isReached: false, help: `it uses no global agent: pass ${AGENT}` },
  agentkeepalive: { isReached: false, help: 'it is an agent, which goes directly: use ProxyAgent in its place' },
  '@smithy/node-http-handler': {
    isReached: false,
    help: 'it has its own agents: pass new NodeHttpHandler({ httpAgent: agent, httpsAgent: agent })',
  },
  '@azure/core-rest-pipeline': {
    isReached: false,
    help: `it has its own agents: pass ${AGENT} in the options of the request or client`,
  },
  '@grpc/grpc-js': { isReached: false, help: `it uses node:http2: ${FORWARDER}` },
  'playwright-core': {
    isReached: false,
    help: "its browsers have their own network: give them the URL of 'winwire proxy'",
  },
  'puppeteer-core': { isReached: false, help: "its browser has its own network: give it the URL of 'winwire proxy'" },
  nock: {
    isReached: false,
    help: 'it does not see requests that go to a proxy: do not install winwire in tests with nock',
  },
};

/** SDKs that had their own agents before this major version, and use the global fetch from it on. */
const FETCH_SINCE: Readonly<Record<string, number>> = { openai: 5 };

/** Returns what is known of a package; undefined for one that is not a client, or an unknown one. */
export function knownClient({ name, version }: InstalledPackage): KnownClient | undefined {
  const since = FETCH_SINCE[name];
  if (since === undefined) return Object.hasOwn(KNOWN, name) ? KNOWN[name] : undefined;
  if (Number.parseInt(version, 10) >= since) return { isReached: true };
  return {
    isReached: false,
    help: `it has its own agents before version ${since}: pass httpAgent: new ProxyAgent()`,
  };
}
