/** The log of `winwire proxy`: a line a request, and totals at the end. */
import type { ForwardedRequest, ForwarderStatistics } from '../../forwarder/forwarder-types.ts';
import { formatBytes, withoutControls } from '../format.ts';

interface LogOptions {
  readonly json: boolean;
  readonly quiet: boolean;
  /** Where lines go. */
  readonly write: (line: string) => void;
}

/** What was done, by status and route. */
export class RequestLog {
  readonly #options: LogOptions;

  constructor(options: LogOptions) {
    this.#options = options;
  }

  readonly onRequest = (request: ForwardedRequest): void => {
    const { json, quiet, write } = this.#options;
    if (quiet) return;
    write(json ? JSON.stringify({ time: new Date().toISOString(), ...request }) : lineOf(request));
  };

  writeTotals({ requests, failures, bytesReceived, bytesSent }: ForwarderStatistics): void {
    const { json, quiet, write } = this.#options;
    if (quiet) return;
    if (json) return void write(JSON.stringify({ totals: { requests, failures, bytesReceived, bytesSent } }));
    write(
      `${requests} requests, ${failures} failed; ${formatBytes(bytesReceived)} from clients, ` +
        `${formatBytes(bytesSent)} to them`,
    );
  }
}

function lineOf({ method, origin, status, route, milliseconds, error }: ForwardedRequest): string {
  const time = new Date().toTimeString().slice(0, 8);
  const parts = [time, status, method || '-', origin ?? '-', route ?? '-', `${milliseconds} ms`];
  return withoutControls(error === undefined ? parts.join('  ') : `${parts.join('  ')}  ${error}`);
}
