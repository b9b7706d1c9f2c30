/** The head of a response for `get`. */
import type { WinHttpRequest } from '../../winhttp/request/winhttp-request.ts';
import { ResponseHeaders } from '../../winhttp/response-headers.ts';

export interface ShownHead {
  readonly status: number;
  readonly statusText: string;
  readonly headers: ResponseHeaders;
  /** Status line, headers and the empty line as text. */
  readonly text: string;
}

/** Reads the head of a request whose response has started. */
export async function readHead(request: WinHttpRequest, status: number): Promise<ShownHead> {
  const [statusText, text] = await Promise.all([request.statusText, request.getAllResponseHeaders()]);
  const headers = new ResponseHeaders(text);
  const lines = [`HTTP/1.1 ${status} ${statusText}`.trimEnd(), `${headers}`.replace(/[\r\n]+$/, '')].filter(
    (line) => line !== '',
  );
  return { status, statusText, headers, text: `${lines.join('\r\n')}\r\n\r\n` };
}

/** Returns Content-Length as a number. */
export function lengthOf(head: ShownHead): number | undefined {
  const text = head.headers.get('Content-Length') ?? '';
  return /^\d+$/.test(text) ? Number(text) : undefined;
}
