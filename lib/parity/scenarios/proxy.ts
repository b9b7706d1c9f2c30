/** The statements PF-nnn as scenarios: PAC scripts and bypass lists. */
import { BYPASS_GROUP, type ProxyScenario, proxyScenarios } from '../scenario.ts';
import { ONE, type PacStatement } from './pac-statement.ts';
import { bypassStatements } from './proxy-bypass-lists.ts';
import { faultStatements } from './proxy-script-faults.ts';
import { functionStatements } from './proxy-script-functions.ts';
import { answerStatements } from './proxy-scripts.ts';

/** All statements about scripts, by id. */
export const pacStatements: Readonly<Record<string, PacStatement>> = {
  ...answerStatements,
  ...functionStatements,
  ...faultStatements,
};

/** The static proxy of the bypass lists. */
export const STATIC_PROXY = ONE;
const proxy = STATIC_PROXY.replace('PROXY ', '');

export const pacScenarios: readonly ProxyScenario[] = proxyScenarios(
  'PAC scripts',
  Object.fromEntries(
    Object.entries(pacStatements).map(([id, { sentence, script, serve, expect }]) => [
      id,
      [
        sentence,
        async (t) => {
          const pac = await t.serve(script, serve);
          for (const [url] of expect) await t.attempt(() => t.resolve(url, { pac }));
        },
      ],
    ]),
  ),
);

export const bypassScenarios: readonly ProxyScenario[] = proxyScenarios(
  BYPASS_GROUP,
  Object.fromEntries(
    bypassStatements.map(([id, list, url]) => [
      id,
      [`the list "${list}" for ${url}`, (t) => t.resolve(url, { proxy, bypass: [list] })],
    ]),
  ),
);
