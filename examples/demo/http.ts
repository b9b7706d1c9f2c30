// The second act: one WinHttpRequest and a web server. Everything shown is also verified.
import { type BackendName, backends, CredentialTarget, WinHttpRequest } from 'winwire';
import type { SecondActEvent } from './http-events.ts';
import { SIZE, USER, WebServer } from './http-server.ts';
import { sizeOf } from './rows.ts';

/** Receives the events, and counts the checks. */
interface Audience {
  tell(event: SecondActEvent): void;
  check(what: string, ok: boolean): void;
}

/** How long the server waits for the end of a connection, far above what it takes. */
const CLOSE_LIMIT = 5_000;
const TIME_OUT = 300;
/** Number of progress bars. */
const STEPS = 10;

/** Plays the act, or reports why it cannot. */
export async function playHttp(backend: BackendName, audience: Audience): Promise<void> {
  const { available, provider = '', version = '', reason = '' } = backends().winhttp[backend];
  const who = [provider, version].filter((word) => word !== '' && word !== backend).join(', ');
  const text = available ? `backend ${backend}${who ? ` (${who})` : ''}` : `left out: ${reason}`;
  audience.tell({ event: 'act', title: 'A request object, WinHttpRequest, and a web server', text });
  if (!available) return;
  const act = new SecondAct(backend, provider, audience);
  await act.play();
}

class SecondAct {
  readonly #backend: BackendName;
  readonly #isWine: boolean;
  readonly #audience: Audience;
  readonly #server: WebServer;
  #scenes = 0;

  constructor(backend: BackendName, provider: string, audience: Audience) {
    this.#backend = backend;
    this.#isWine = provider === 'Wine';
    this.#audience = audience;
    this.#server = new WebServer((what, ...details) =>
      audience.tell({ event: 'http', side: 'server', kind: 'action', what, details }),
    );
  }

  async play(): Promise<void> {
    await this.#server.open();
    const request = await WinHttpRequest.create({ backend: this.#backend });
    await this.#download(request);
    await this.#abort(request);
    await this.#timeOut(request);
    await this.#redirect(request);
    await this.#authentication(request);
    await request[Symbol.asyncDispose]();
    await this.#server.close();
  }

  async #download(request: WinHttpRequest): Promise<void> {
    this.#scene('A download', 'open, send, and the events of IWinHttpRequestEvents while the response comes in.');
    const told: string[] = [];
    let received = 0;
    let step = 0;
    request.on('responseStart', (status, type) => this.#event(told, 'responseStart', `${status}, ${type}`));
    request.on('responseFinished', () => this.#event(told, 'responseFinished'));
    request.on('responseDataAvailable', (chunk) => {
      received += chunk.length;
      if (told.at(-1) !== 'responseDataAvailable') this.#event(told, 'responseDataAvailable');
      if (Math.floor((received * STEPS) / SIZE) === step) return;
      step = Math.floor((received * STEPS) / SIZE);
      this.#audience.tell({ event: 'progress', received, total: SIZE });
    });
    await this.#open(request, 'GET', '/download');
    await request.send();
    request.removeAllListeners();
    for (const line of (await request.getAllResponseHeaders()).split('\r\n'))
      if (line) this.#client(`${line.split(': ')[0]}:`, line.slice(line.indexOf(':') + 2));
    const body = await request.responseBody;
    this.#check(`the body has ${sizeOf(SIZE)}, and so had the events`, body.length === SIZE && received === SIZE);
    this.#check('the events came in order', told.join() === 'responseStart,responseDataAvailable,responseFinished');
  }

  async #abort(request: WinHttpRequest): Promise<void> {
    this.#scene(
      'A server that never answers',
      'waitForResponse gives up waiting, abort the request. The server sees its connection end.',
    );
    await this.#open(request, 'GET', '/never');
    const pending = request.send().catch((error: { code: string }) => error.code);
    const isThere = await request.waitForResponse(TIME_OUT / 1000);
    this.#client(`waitForResponse(${TIME_OUT / 1000})`, `→ ${isThere}`);
    this.#client('abort()');
    await request.abort();
    const code = await pending;
    this.#refused('send()', `${code}`);
    const isClosed = await within(this.#server.closed, CLOSE_LIMIT);
    this.#audience.tell({
      event: 'http',
      side: 'server',
      kind: 'action',
      what: `connection ${isClosed ? 'closed' : 'still open'}`,
      details: [],
    });
    this.#check('the promise of send says so', code === 'ERROR_WINHTTP_OPERATION_CANCELLED');
    // Wine 8.0 leaves the connection open (docs/conformance.md).
    if (!this.#isWine) this.#check('the server sees the connection closed', isClosed);
  }

  async #timeOut(request: WinHttpRequest): Promise<void> {
    this.#scene(
      'A time-out',
      `The server stops in the middle of its response; ${TIME_OUT} ms is the limit for each packet.`,
    );
    await this.#open(request, 'GET', '/stalls');
    await request.setTimeouts(0, 60_000, 30_000, TIME_OUT);
    this.#client('setTimeouts', `receive ${TIME_OUT} ms`);
    const code = await request.send().catch((error: { code: string }) => error.code);
    this.#refused('send()', `${code}`);
    this.#check(
      'the request has timed out',
      code === 'ERROR_WINHTTP_TIMEOUT' || (this.#isWine && code === 'WSAETIMEDOUT'),
    );
    await request.setTimeouts(0, 60_000, 30_000, 30_000);
  }

  async #redirect(request: WinHttpRequest): Promise<void> {
    this.#scene('A redirect', 'One request of the object, two of the wire.');
    await this.#open(request, 'GET', '/old');
    await request.send();
    const text = await request.responseText;
    this.#client('responseText', JSON.stringify(text));
    this.#check('the redirect was followed', (await request.status) === 200 && text === 'You have found it.');
  }

  async #authentication(request: WinHttpRequest): Promise<void> {
    this.#scene(
      'An authentication',
      'Without credentials a 401 is a response like any other. With them the challenge is answered.',
    );
    await this.#open(request, 'GET', '/private');
    await request.send();
    const first = await request.status;
    this.#client('status', `${first}`);
    await this.#open(request, 'GET', '/private');
    await request.setCredentials(USER.name, USER.password, CredentialTarget.FOR_SERVER);
    this.#client('setCredentials', USER.name);
    await request.send();
    const second = await request.status;
    this.#client('status', `${second}`);
    this.#check('401 without credentials, 200 with them', first === 401 && second === 200);
  }

  async #open(request: WinHttpRequest, method: string, path: string): Promise<void> {
    await request.open(method, this.#server.url(path));
    this.#audience.tell({
      event: 'http',
      side: 'client',
      kind: 'call',
      what: 'open, send',
      details: [`${method} ${path}`],
    });
  }

  #scene(title: string, text: string): void {
    this.#scenes++;
    this.#audience.tell({ event: 'scene', number: this.#scenes, title, text });
  }

  #event(told: string[], name: string, ...details: string[]): void {
    told.push(name);
    this.#client(name, ...details);
  }

  #client(what: string, ...details: string[]): void {
    this.#audience.tell({ event: 'http', side: 'client', kind: 'action', what, details });
  }

  #refused(what: string, code: string): void {
    this.#audience.tell({ event: 'http', side: 'client', kind: 'refusal', what, details: [code] });
  }

  #check(what: string, ok: boolean): void {
    this.#audience.check(what, ok);
  }
}

async function within(promise: Promise<unknown>, limit: number): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<boolean>((resolve) => {
    timer = setTimeout(() => resolve(false), limit);
  });
  return Promise.race([promise.then(() => true), late]).finally(() => clearTimeout(timer));
}
