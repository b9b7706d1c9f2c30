// The constants of httprequest.idl, repeated here, and the public types.
import type { Readable } from 'node:stream';
import { describe, expect, expectTypeOf, test } from 'vitest';
import {
  AutoLogonPolicy,
  CredentialTarget,
  type IWinHttpRequest,
  ProxySetting,
  SecureProtocol,
  SslErrorFlag,
  WinHttpRequest,
  WinHttpRequestOption,
} from '../../../lib/index.ts';

describe('the enums have the values of the IDL', () => {
  test('WinHttpRequestOption', () => {
    expect(WinHttpRequestOption).toEqual({
      UserAgentString: 0,
      URL: 1,
      URLCodePage: 2,
      EscapePercentInURL: 3,
      SslErrorIgnoreFlags: 4,
      SelectCertificate: 5,
      EnableRedirects: 6,
      UrlEscapeDisable: 7,
      UrlEscapeDisableQuery: 8,
      SecureProtocols: 9,
      EnableTracing: 10,
      RevertImpersonationOverSsl: 11,
      EnableHttpsToHttpRedirects: 12,
      EnablePassportAuthentication: 13,
      MaxAutomaticRedirects: 14,
      MaxResponseHeaderSize: 15,
      MaxResponseDrainSize: 16,
      EnableHttp1_1: 17,
      EnableCertificateRevocationCheck: 18,
      RejectUserpwd: 19,
    });
  });

  test('AutoLogonPolicy', () => {
    expect(AutoLogonPolicy).toEqual({ Always: 0, OnlyIfBypassProxy: 1, Never: 2 });
  });

  test('ProxySetting', () => {
    expect(ProxySetting).toEqual({ DEFAULT: 0, PRECONFIG: 0, DIRECT: 1, PROXY: 2 });
  });

  test('CredentialTarget', () => {
    expect(CredentialTarget).toMatchObject({ FOR_SERVER: 0, FOR_PROXY: 1 });
  });

  test('SslErrorFlag', () => {
    expect(SslErrorFlag).toEqual({
      UnknownCA: 0x100,
      CertWrongUsage: 0x200,
      CertCNInvalid: 0x1000,
      CertDateInvalid: 0x2000,
      Ignore_All: 0x3300,
    });
  });

  test('SecureProtocol', () => {
    expect(SecureProtocol).toEqual({ SSL2: 8, SSL3: 0x20, TLS1: 0x80, TLS1_1: 0x200, TLS1_2: 0x800, ALL: 0xa8 });
  });
});

describe('the types', () => {
  test('a WinHttpRequest is an IWinHttpRequest', () => {
    expectTypeOf<WinHttpRequest>().toExtend<IWinHttpRequest>();
    expectTypeOf(WinHttpRequest.create).returns.resolves.toEqualTypeOf<WinHttpRequest>();
  });

  test('every member is a promise of its value', () => {
    expectTypeOf<WinHttpRequest['status']>().resolves.toEqualTypeOf<number>();
    expectTypeOf<WinHttpRequest['statusText']>().resolves.toEqualTypeOf<string>();
    expectTypeOf<WinHttpRequest['responseText']>().resolves.toEqualTypeOf<string>();
    expectTypeOf<WinHttpRequest['responseBody']>().resolves.toEqualTypeOf<Buffer>();
    expectTypeOf<WinHttpRequest['responseStream']>().resolves.toEqualTypeOf<Readable>();
    expectTypeOf<WinHttpRequest['waitForResponse']>().returns.resolves.toEqualTypeOf<boolean>();
    expectTypeOf<WinHttpRequest['abort']>().returns.resolves.toEqualTypeOf<void>();
    expectTypeOf<WinHttpRequest['getResponseHeader']>().returns.resolves.toEqualTypeOf<string>();
  });

  test('an option has the type of its value', () => {
    const read = (request: WinHttpRequest) => ({
      text: request.getOption('UserAgentString'),
      number: request.getOption(WinHttpRequestOption.MaxAutomaticRedirects),
      flag: request.getOption('EnableRedirects'),
      unknown: request.getOption(4711 as number),
    });
    expectTypeOf(read).returns.toEqualTypeOf<{
      text: Promise<string>;
      number: Promise<number>;
      flag: Promise<boolean>;
      unknown: Promise<string | number | boolean>;
    }>();
  });

  test('listeners get the arguments of the events', () => {
    const listen = (request: WinHttpRequest) => {
      request.on('responseStart', (status, contentType) => {
        expectTypeOf(status).toEqualTypeOf<number>();
        expectTypeOf(contentType).toEqualTypeOf<string>();
      });
      request.on('responseDataAvailable', (chunk) => expectTypeOf(chunk).toEqualTypeOf<Buffer>());
      request.on('error', (error) => expectTypeOf(error).toExtend<Error>());
    };
    expectTypeOf(listen).parameter(0).toEqualTypeOf<WinHttpRequest>();
  });
});
