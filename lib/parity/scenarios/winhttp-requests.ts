/** Scenarios: states of a request object, headers, bodies, text, options. */
import type { IWinHttpRequest } from '../../winhttp/request/winhttp-interface.ts';
import { WinHttpRequestOption } from '../../winhttp/request-option.ts';
import type { Answer } from '../http-server.ts';
import type { ResponseOptions } from '../http-wire.ts';
import { winhttpScenarios } from '../scenario.ts';
import { type RequestState, STATES, type WinHttpStage } from '../winhttp-stage.ts';

const NO_STRING = undefined as unknown as string;

async function readAll(t: WinHttpStage, request: IWinHttpRequest): Promise<void> {
  await t.attempt(() => request.status);
  await t.attempt(() => request.statusText);
  await t.attempt(() => request.getAllResponseHeaders());
  await t.attempt(() => request.getResponseHeader('Content-Type'));
  await t.attempt(() => request.responseText);
  await t.attempt(() => request.responseBody);
}

/** Reads every readable member in a state. */
const reads =
  (state: RequestState) =>
  async (t: WinHttpStage): Promise<void> => {
    const { request, release, pending } = await t.stage(state);
    await readAll(t, request);
    release();
    await pending.end;
  };

/** Calls members that a state may reject. */
const writes =
  (state: RequestState) =>
  async (t: WinHttpStage): Promise<void> => {
    const { request, release, pending } = await t.stage(state);
    await t.attempt(() => request.setRequestHeader('X-Name', 'value'));
    await t.attempt(() => request.setTimeouts(0, 60_000, 30_000, 30_000));
    await t.attempt(() => request.setCredentials('user', 'password', 0));
    if (state !== 'OPEN') await t.attempt(() => request.send());
    release();
    await pending.end;
  };

export const stateScenarios = winhttpScenarios('states', {
  ...Object.fromEntries(
    STATES.map(
      (state) => [`read-${state.toLowerCase()}`, [`what can be read in the state ${state}`, reads(state)]] as const,
    ),
  ),
  ...Object.fromEntries(
    STATES.filter((state) => state !== 'FAILED').map(
      (state) =>
        [`write-${state.toLowerCase()}`, [`what can be set and sent in the state ${state}`, writes(state)]] as const,
    ),
  ),
  'open-wrong': [
    'Open of an invalid URL, of another scheme, of nothing',
    async (t) => {
      const request = await t.create();
      for (const url of ['www.example.com', 'ftp://127.0.0.1/', 'http://', 'http://127.0.0.1:65536/', '', NO_STRING]) {
        await t.attempt(() => request.open('GET', url));
      }
      await t.attempt(() => request.open(NO_STRING, 'http://127.0.0.1/'));
      await t.attempt(() => request.open('', 'http://127.0.0.1/'));
    },
  ],
  'open-again': [
    'a second request with one object',
    async (t) => {
      const server = await t.serve((request, reply) => reply.send({ body: request.target }));
      const request = await t.fetch(server.url('/first'));
      await readAll(t, request);
      await request.open('POST', server.url('/second'));
      await readAll(t, request);
      await request.send('body');
      await readAll(t, request);
    },
  ],
  'open-fragment': [
    'what is sent of a URL with a query and a fragment',
    async (t) => {
      const server = await t.serve();
      await t.fetch(server.url('/a b/ü?q=a b&r=%41#fragment'));
    },
  ],
});

const sendsHeaders =
  (...headers: (readonly [name: string, value: string])[]) =>
  async (t: WinHttpStage): Promise<void> => {
    const server = await t.serve();
    const request = await t.open(server.url());
    for (const [name, value] of headers) await t.attempt(() => request.setRequestHeader(name, value));
    await t.attempt(() => request.send());
  };

async function answered(t: WinHttpStage, answer: ResponseOptions, method = 'GET'): Promise<IWinHttpRequest> {
  const server = await t.serve((_request, reply) => reply.send(answer));
  return t.fetch(server.url(), method);
}

export const headerScenarios = winhttpScenarios('headers', {
  'request-plain': ['the headers of a plain GET', sendsHeaders()],
  'request-header-set': ['a header of the caller', sendsHeaders(['X-Name', 'value'])],
  'request-header-twice': ['a header that is set twice', sendsHeaders(['X-Name', 'first'], ['x-name', 'second'])],
  'request-header-empty': ['a header with an empty value', sendsHeaders(['X-Name', ''])],
  'request-header-removed': [
    'a header that is set and then removed',
    sendsHeaders(['X-Name', 'value'], ['X-Name', NO_STRING]),
  ],
  'request-header-replaced': [
    'headers that the object sends itself',
    sendsHeaders(['User-Agent', 'mine'], ['Accept', 'text/html']),
  ],
  'request-header-wrong': ['invalid names', sendsHeaders(['', 'value'], ['a b', 'value'], ['a:b', 'value'])],
  'response-headers': [
    'one header, in whatever case; one that is repeated, one that is not there, all of them',
    async (t) => {
      const headers = { 'X-Once': 'one', 'X-Twice': ['first', 'second'], 'X-Empty': '' };
      const request = await answered(t, { headers });
      for (const name of ['X-Once', 'x-ONCE', 'X-Twice', 'X-Empty', 'X-Missing', '']) {
        await t.attempt(() => request.getResponseHeader(name));
      }
      await t.attempt(() => request.getAllResponseHeaders());
    },
  ],
  'response-statuses': [
    'every status is a success',
    async (t) => {
      for (const status of [200, 204, 304, 404, 500]) {
        await readAll(t, await answered(t, { status, phrase: `Phrase ${status}` }));
      }
    },
  ],
});

const posts =
  (...bodies: (string | Uint8Array | undefined)[]) =>
  async (t: WinHttpStage): Promise<void> => {
    for (const body of bodies) {
      const server = await t.serve();
      const request = await t.open(server.url(), 'POST');
      await t.attempt(() => request.send(body));
    }
  };

const text =
  (contentType: string, body: Uint8Array) =>
  async (t: WinHttpStage): Promise<void> => {
    const request = await answered(t, { headers: { 'Content-Type': contentType }, body });
    await t.attempt(() => request.responseText);
    await t.attempt(() => request.responseBody);
  };

const chunked: Answer = (_request, reply) =>
  reply.write('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n6\r\n world\r\n0\r\n\r\n');

const UTF8 = Buffer.from('grün €');

export const bodyScenarios = winhttpScenarios('bodies', {
  'post-text': ['a body of text', posts('hello')],
  'post-text-unicode': ['text beyond ASCII', posts('grün €')],
  'post-text-nul': ['text with a NUL in it', posts('a\0b')],
  'post-bytes': ['a body of bytes', posts(Uint8Array.of(0, 1, 254, 255))],
  'post-nothing': ['no body, and empty ones', posts(undefined, '', new Uint8Array(0))],
  'get-with-body': [
    'of a body with GET nothing is sent',
    async (t) => {
      const server = await t.serve();
      await t.fetch(server.url(), 'GET', 'body');
    },
  ],
  head: ['HEAD', async (t) => readAll(t, await answered(t, { body: 'hello' }, 'HEAD'))],
  'method-own': ['a method of the caller', async (t) => readAll(t, await answered(t, { body: 'hello' }, 'Purge'))],
  chunked: [
    'a body in chunks',
    async (t) => {
      const server = await t.serve(chunked);
      await readAll(t, await t.fetch(server.url()));
    },
  ],
  'text-utf8': ['charset=utf-8', text('text/plain; charset=utf-8', UTF8)],
  'text-utf8-quoted': ['charset="utf-8", quoted', text('text/plain; charset="utf-8"', UTF8)],
  'text-utf8-first': ['charset before another parameter', text('text/plain; charset=utf-8; x=y', UTF8)],
  'text-no-charset': ['no charset at all', text('text/plain', UTF8)],
  'text-windows-1251': [
    'charset=windows-1251',
    text('text/plain; charset=windows-1251', Buffer.from([0xcf, 0xf0, 0xe8])),
  ],
  'text-invalid': ['bytes that are not UTF-8', text('text/plain; charset=utf-8', Uint8Array.of(0x61, 0xff, 0x62))],
});

/** Records an option: its default, and its value after setting it. */
const option =
  (id: number, ...values: (string | number | boolean)[]) =>
  async (t: WinHttpStage): Promise<void> => {
    const request = await t.open('http://127.0.0.1/');
    await t.attempt(() => request.getOption(id));
    for (const value of values) {
      await t.attempt(() => request.setOption(id, value));
      await t.attempt(() => request.getOption(id));
    }
  };

const VALUES: Readonly<Record<keyof typeof WinHttpRequestOption, readonly (string | number | boolean)[]>> = {
  UserAgentString: ['mine/1.0', ''],
  URL: ['http://127.0.0.1/other'],
  URLCodePage: [1252, 65001],
  EscapePercentInURL: [true],
  SslErrorIgnoreFlags: [0x3300, 1],
  SelectCertificate: [],
  EnableRedirects: [false, true],
  UrlEscapeDisable: [true],
  UrlEscapeDisableQuery: [true],
  SecureProtocols: [0x0a80, 0],
  EnableTracing: [],
  RevertImpersonationOverSsl: [false],
  EnableHttpsToHttpRedirects: [true],
  EnablePassportAuthentication: [],
  MaxAutomaticRedirects: [1, 0],
  MaxResponseHeaderSize: [1024],
  MaxResponseDrainSize: [1024],
  EnableHttp1_1: [false],
  EnableCertificateRevocationCheck: [true],
  RejectUserpwd: [true],
};

export const optionScenarios = winhttpScenarios('options', {
  ...Object.fromEntries(
    Object.entries(VALUES).map(
      ([name, values]) =>
        [
          `option-${name.replace('_', '.')}`,
          [`the option ${name}`, option(WinHttpRequestOption[name as keyof typeof VALUES], ...values)],
        ] as const,
    ),
  ),
  'option-unknown': ['options that there are not', option(1000, 1)],
  'option-type': ['a value that cannot be converted', option(WinHttpRequestOption.EnableRedirects, 'perhaps')],
});
