import { describe, expect, test } from 'vitest';
import { ResponseHeaders } from '../../lib/winhttp/response-headers.ts';
import { shortBody } from '../../lib/winhttp/response-length.ts';

const judge = (text: string, received: number, status = 200, method = 'GET') =>
  shortBody(method, { status, headers: new ResponseHeaders(text) }, received);

describe('a body', () => {
  test.each([
    ['Content-Length: 10\r\n', 9],
    ['HTTP/1.1 200 OK\r\nContent-Length: 10\r\n', 0],
    ['content-length: 10, 10\r\n', 9],
    ['Content-Length: 10\r\nContent-Length: 10\r\n', 9],
    ['Content-Length: 10\r\nContent-Encoding: gzip\r\n', 9],
  ])('with %j is truncated after %i bytes', (text, received) => {
    const failure = judge(text, received);
    expect(failure).toMatchObject({ code: 'ERROR_WINHTTP_CONNECTION_ERROR', syscall: 'IWinHttpRequest::Send' });
    expect(failure?.message).toContain(`${received} of 10 bytes`);
  });

  test.each([
    ['Content-Length: 10\r\n', 10],
    ['Content-Length: 10\r\n', 11],
    ['', 0],
    ['Content-Length: 10\r\nContent-Length: 12\r\n', 9],
    ['Content-Length: many\r\n', 9],
    ['Content-Length: 10\r\nTransfer-Encoding: chunked\r\n', 9],
  ])('with %j of %i bytes does not count as truncated', (text, received) => {
    expect(judge(text, received)).toBeUndefined();
  });

  test.each([
    [200, 'HEAD'],
    [204, 'GET'],
    [304, 'GET'],
  ])('is not expected in a %i to %s', (status, method) => {
    expect(judge('Content-Length: 10\r\n', 0, status, method)).toBeUndefined();
  });
});
