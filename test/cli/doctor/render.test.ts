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

const url: UrlReport = {
  url: 'https://a.test/',
  proxy: { source: 'direct', server: undefined },
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

describe('the report for people', () => {
  it('tells everything that was found of a URL, step by step', () => {
    const found = lines({ url });
    expect(found.slice(found.indexOf('https://a.test/'))).toEqual([
      'https://a.test/',
      '  proxy           none',
      '  name            a.test: 192.0.2.1, 2001:db8::1',
      '  connection      192.0.2.1 port 443',
      '  TLS             TLSv1.3, AES',
      '    0             CN=a.test',
      '                  DNS:a.test, DNS:www.a.test',
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

  it('tells what is installed, and what is not', () => {
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

  it('tells the proxy, and how the handshake of a WebSocket fared', () => {
    const proxy = { source: 'HTTPS_PROXY', server: 'p:81' };
    const winwire = {
      face: 'WebSocketConnection',
      backend: 'portable',
      status: 101,
      subprotocol: 'chat',
      milliseconds: 1,
      error: undefined,
    } as const;
    const found = lines({ url: { url: 'wss://a.test/', proxy, winwire, times: {} } });
    expect(found).toContain('  proxy           p:81 (HTTPS_PROXY)');
    expect(found).toContain('  WebSocket       101 by the backend portable, sub-protocol chat');
    const failed = lines({
      url: { url: 'wss://a.test/', proxy, winwire: { ...winwire, error: 'refused' }, times: {} },
    });
    expect(failed).toContain('  WebSocket       refused');
  });

  it('sets the further lines of a problem in', () => {
    expect(lines({ ok: false, problems: ['one:\ntwo', 'three'] }).slice(-4)).toEqual([
      '✗ one:',
      '  two',
      '✗ three',
      '',
    ]);
  });

  it('lets no server drive the terminal, or write a line of its own', () => {
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
