// The context of a statement's test: request objects of the tested backend and servers, which are closed at its end,
// the seven states, and checks that distinguish gates from assumptions.
import assert from 'node:assert/strict';
import { WinwireError } from '../../../lib/errors.ts';
import { watch } from '../../../lib/parity/waiting.ts';
import {
  STATES,
  type StageSetting,
  type RequestState as State,
  WinHttpStage,
} from '../../../lib/parity/winhttp-stage.ts';
import { WinHttpRequest } from './subject.ts';

/** The backend, its provider, and whether assumptions must hold as well. */
export interface Lane {
  readonly backend: 'system' | 'portable';
  readonly provider: string;
  readonly strict: boolean;
}

export { STATES, type State };

type Getter = (request: WinHttpRequest) => Promise<unknown>;

/** All getters of a response. */
export const getters: Readonly<Record<string, Getter>> = {
  status: (request) => request.status,
  statusText: (request) => request.statusText,
  responseText: (request) => request.responseText,
  responseBody: (request) => request.responseBody,
  responseStream: (request) => request.responseStream,
  getResponseHeader: (request) => request.getResponseHeader('Content-Type'),
  getAllResponseHeaders: (request) => request.getAllResponseHeaders(),
};

/** NULL for a parameter that requires a string. */
export const NULL = undefined as unknown as string;

export class RequestContext extends WinHttpStage<WinHttpRequest> {
  readonly lane: Lane;
  /** Results that differ from an assumption without failing the test. */
  readonly notes: string[] = [];

  /** `setting` creates the tested objects instead of the package's own. */
  constructor(lane: Lane, setting?: StageSetting<WinHttpRequest>) {
    super(setting ?? { create: (options) => WinHttpRequest.create({ backend: lane.backend, ...options }) });
    this.lane = lane;
  }

  /** Fails unless the object rejects the call with one of these HRESULTs. */
  async fails(call: () => Promise<unknown>, ...codes: readonly number[]): Promise<WinwireError> {
    const outcome = watch(call());
    await outcome.end;
    assert.equal(outcome.settled, 'rejected', 'the call fails');
    if (!(outcome.error instanceof WinwireError)) throw outcome.error;
    const { hresult, syscall } = outcome.error;
    assert.match(syscall, /^IWinHttpRequest::\w+$/);
    assert.ok(hresult >= 0x80000000, `${hresult} is an unsigned failure`);
    const names = codes.map((code) => `0x${code.toString(16)}`);
    if (codes.length > 0) assert.ok(codes.includes(hresult), `0x${hresult.toString(16)} is not ${names.join(' or ')}`);
    return outcome.error;
  }

  /** Every getter, or each named one, fails with the HRESULT. */
  async gettersFail(request: WinHttpRequest, code: number, names = Object.keys(getters)): Promise<void> {
    for (const name of names) {
      const getter = getters[name] as Getter;
      await this.fails(() => getter(request), code).catch((error: Error) => {
        throw new Error(`${name}: ${error.message}`, { cause: error });
      });
    }
  }

  /** Runs an assertion about an assumption: outside strict lanes its failure becomes a note. */
  async assumed(check: () => unknown): Promise<void> {
    if (this.lane.strict) return void (await check());
    try {
      await check();
    } catch (error) {
      this.notes.push((error as Error).message);
    }
  }
}
