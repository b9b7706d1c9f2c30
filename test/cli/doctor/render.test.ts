import { stripVTControlCharacters } from 'node:util';
import { describe, expect, it } from 'vitest';
import type { DoctorReport, UrlReport } from '../../../lib/cli/doctor/doctor-report.ts';
import { render } from '../../../lib/cli/doctor/render.ts';

const none = { file: undefined, version: undefined, provider: undefined, reason: undefined } as const;
const portable = { ...none, available: true, provider: 'portable', version: '0.1.0' } as const;
const system = { ...none, available: false, reason: 'it is for Windows' } as const;

const surroundings: DoctorReport['surroundings'] = {
  winwire: '0.1.0',
  node: 'v22.0.0',
  platform: 'linux-x64',
  roots: { system: true, extra: undefined },
  addon: { file: '/addon/winwire.node', error: undefined },
  backend: 'portable',
  backends: { websocket: { portable, system }, winhttp: { portable, system } },
};

const certificate = {
  subject: 'CN=a.test',
  names: 'DNS:a.test, DNS:www.a.test',
  issuer: 'CN=authority',
  validFrom: '2026-01-02T03:04:05.000Z',
  validTo: '2027-01-02T03:04:05.000Z',
  fingerprint: 'AA:BB',
};

const resolution = {
  routes: 'PROXY p:81; DIRECT',
  source: 'user',
  by: 'pac',
  warnings: ['not every entry'],
  error: undefined,
};

const url: UrlReport = {
  url: 'https://a.test/',
  proxy: { source: 'direct', server: undefined },
  resolution,
  lookup: { host: 'a.test', addresses: ['192.0.2.1', '2001:db8::1'] },
  connection: { address: '192.0.2.1', port: 443 },
  tls: {
    protocol: 'TLSv1.3',
    cipher: 'AES',
    error: undefined,
    chain: [certificate, { ...certificate, names: undefined }],
  },
  response: {
    status: 401,
    statusText: 'Unauthorized',
    server: 'test',
    location: 'https://b.test/',
    authentication: [
      { scheme: 'Negotiate', by: 'server', answeredBy: ['system'] },
      { scheme: 'Basic', by: 'proxy', answeredBy: ['system', 'portable'] },
      { scheme: 'Odd', by: 'server', answeredBy: [] },
    ],
  },
  winwire: { face: 'WinHttpRequest', backend: 'portable', status: 401, milliseconds: 5, error: undefined },
  times: { lookup: 1, connect: 2, tls: 3.25, firstByte: 4, total: 12_345 },
};

const report = (parts: Partial<DoctorReport> = {}): DoctorReport => ({
  ok: true,
  problems: [],
  surroundings,
  url: undefined,
  ...parts,
});
const lines = (parts: Partial<DoctorReport>) => stripVTControlCharacters(render(report(parts))).split('\n');

describe('the report as text', () => {
  it('shows what install() reaches, and what to do for the rest', () => {
    const known = { version: undefined, folder: undefined, isReached: true, isTested: true, help: undefined };
    const install = {
      folder: '/app',
      replaces: { fetch: true, http: true },
      clients: [
        { ...known, name: 'fetch' },
        { ...known, name: 'ws', version: '8.1.0', folder: 'node_modules/ws', isReached: false, help: 'pass\nan agent' },
      ],
    };
    const found = lines({ install });
    const start = found.indexOf('install() in /app reaches');
    expect(found.slice(start, start + 3)).toEqual([
      'install() in /app reaches',
      '  ✓ fetch',
      '  ✗ ws 8.1.0                     node_modules/ws: pass an agent',
    ]);
  });

  it('contains all findings about a URL, step by step', () => {
    const found = lines({ url });
    expect(found.slice(found.indexOf('https://a.test/'))).toEqual([
      'https://a.test/',
      '  proxy           none',
      '  resolveProxy    PROXY p:81; DIRECT (user, pac)',
      '                  not every entry',
      '  name            a.test: 192.0.2.1, 2001:db8::1',
      '  connection      192.0.2.1 port 443',
      '  TLS             TLSv1.3, AES',
      '    0             CN=a.test',
      '                  a.test, www.a.test',
      '                  issued by CN=authority',
      '                  valid from 2026-01-02 to 2027-01-02',
      '                  SHA-256 AA:BB',
      '    1             CN=a.test',
      '                  issued by CN=authority',
      '                  valid from 2026-01-02 to 2027-01-02',
      '                  SHA-256 AA:BB',
      '  answer          401 Unauthorized, by test',
      '  redirect        https://b.test/',
      '  authentication  Negotiate, asked by the server; answered by backend system',
      '  authentication  Basic, asked by the proxy; answered by backend system and portable',
      '  authentication  Odd, asked by the server; answered by no backend',
      '  WinHttpRequest  401 by the backend portable',
      '  times           lookup 1.0 ms, connect 2.0 ms, TLS 3.3 ms, first byte 4.0 ms, total 12.3 s',
      '',
      '✓ nothing is wrong',
      '',
    ]);
  });

  it('contains what is installed and what is missing', () => {
    const found = lines({}).map((line) => line.trimEnd());
    expect(found).toContain('  addon           /addon/winwire.node');
    expect(found).toContain('  websocket  portable  ✓ portable, 0.1.0');
    expect(found).toContain('  winhttp    system    – it is for Windows');
    const addon = { file: undefined, error: 'missing' };
    const bare = lines({
      surroundings: {
        ...surroundings,
        addon,
        backend: undefined,
        backends: { websocket: undefined, winhttp: { portable, system } },
      },
    });
    expect(bare).toContain('  addon           not loaded');
    expect(bare).toContain('  backend         none');
    expect(bare.some((line) => line.startsWith('  websocket'))).toBe(false);
  });

  it('names the roots, and what helps where Node.js cannot read those of the system', () => {
    const rootsIn = (system: boolean, extra?: string) => {
      const found = lines({ surroundings: { ...surroundings, roots: { system, extra } } });
      const at = found.findIndex((line) => line.startsWith('  roots'));
      return found.slice(at, at + 2).map((line) => line.slice(18).trimEnd());
    };
    expect(rootsIn(true)[0]).toBe("Node.js', the system's");
    expect(rootsIn(true, 'company.pem')[0]).toBe("Node.js', the system's, company.pem");
    const remedy =
      "Node.js reads the system's from 22.15 on; put the file of a company's root into NODE_EXTRA_CA_CERTS";
    expect(rootsIn(false)).toEqual(["Node.js'", remedy]);
    expect(rootsIn(false, 'company.pem')).toEqual([
      "Node.js', company.pem",
      "Node.js reads the system's from 22.15 on",
    ]);
  });

  it('contains the proxy, and the result of the WebSocket handshake', () => {
    const proxy = { source: 'HTTPS_PROXY', server: 'p:81' };
    const winwire = {
      face: 'WebSocketConnection',
      backend: 'portable',
      status: 101,
      subprotocol: 'chat',
      milliseconds: 1,
      error: undefined,
    } as const;
    const found = lines({ url: { url: 'wss://a.test/', proxy, resolution, winwire, times: {} } });
    expect(found).toContain('  proxy           p:81 (HTTPS_PROXY)');
    expect(found).toContain('  WebSocket       101 by the backend portable, sub-protocol chat');
    const failed = lines({
      url: {
        url: 'wss://a.test/',
        proxy,
        resolution: { ...resolution, error: 'no addon' },
        winwire: { ...winwire, error: 'refused' },
        times: {},
      },
    });
    expect(failed).toContain('  WebSocket       refused');
    expect(failed).toContain('  resolveProxy    – no addon');
  });

  it('shows a few of the names of a certificate on one line, and how many more there are', () => {
    const names = Array.from({ length: 61 }, (_, index) => `DNS:n${index}.test`).join(', ');
    const tls = { protocol: 'TLSv1.3', cipher: 'AES', error: undefined, chain: [{ ...certificate, names }] };
    expect(lines({ url: { ...url, tls } })).toContain(
      '                  n0.test, n1.test, n2.test, n3.test and 57 more',
    );
  });

  it('indents the further lines of a problem', () => {
    expect(lines({ ok: false, problems: ['one:\ntwo', 'three'] }).slice(-4)).toEqual([
      '✗ one:',
      '  two',
      '✗ three',
      '',
    ]);
  });

  it("escapes a server's control characters and line breaks", () => {
    const evil = 'x\u001b[2J\u009b1m\n✓ nothing is wrong';
    const tls = {
      protocol: 'TLSv1.3',
      cipher: 'AES',
      error: evil,
      chain: [{ ...certificate, subject: evil, names: evil, issuer: evil }],
    };
    const response = { status: 200, statusText: evil, server: evil, location: evil, authentication: [] };
    const text = render(report({ ok: false, problems: [evil], url: { ...url, tls, response } }));
    for (const sequence of ['\u001b[2J', '\u009b']) expect(text).not.toContain(sequence);
    expect(text.split('\n').filter((line) => line.startsWith('✓'))).toEqual([]);
  });
});
