/** The scenarios of the package. */
import type { Scenario } from '../scenario.ts';
import { bypassScenarios, pacScenarios } from './proxy.ts';
import { fragmentScenarios, messageScenarios, pingScenarios } from './websocket-data.ts';
import { abortScenarios, callerErrorScenarios, closeScenarios, peerErrorScenarios } from './websocket-end.ts';
import { handshakeScenarios, propertyScenarios } from './websocket-handshake.ts';
import * as network from './winhttp-network.ts';
import { bodyScenarios, headerScenarios, optionScenarios, stateScenarios } from './winhttp-requests.ts';

/** All scenarios of the package: over the 13 functions first, then over WinHttpRequest, then over resolveProxy. */
export const builtInScenarios: readonly Scenario[] = [
  ...handshakeScenarios,
  ...propertyScenarios,
  ...messageScenarios,
  ...fragmentScenarios,
  ...pingScenarios,
  ...closeScenarios,
  ...peerErrorScenarios,
  ...callerErrorScenarios,
  ...abortScenarios,
  ...stateScenarios,
  ...headerScenarios,
  ...bodyScenarios,
  ...network.redirectScenarios,
  ...network.networkErrorScenarios,
  ...network.abortScenarios,
  ...network.timeScenarios,
  ...optionScenarios,
  ...network.sessionScenarios,
  ...network.eventScenarios,
  ...pacScenarios,
  ...bypassScenarios,
];
