/** One request for an upgrade, over node:http and node:https. */
import * as http from 'node:http';
import * as https from 'node:https';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { TLSSocket } from 'node:tls';
import { abortErrorOf, onAbort } from '../../abort-signal.ts';
import { type CertificateFacts, keepCertificate } from '../../certificate-fault.ts';
import { startLimit } from '../../time-limit.ts';
import { connectFailure, serverText } from './connect-failure.ts';
import { ConnectionError, UpgradeRefusedError } from './connection-errors.ts';
import { ANSWER_OPTIONS, readAnswer } from './handshake-answer.ts';

/** The server's answer 101, and the socket behind it. */
export interface Upgraded {
  readonly response: http.IncomingMessage;
  readonly socket: Duplex;
  readonly head: Uint8Array;
}

/** What ends a request, and what becomes of its answer. */
export interface UpgradeWait {
  /** Milliseconds. */
  readonly timeout: number;
  readonly signal: AbortSignal | undefined;
  /** Processes the answer, also an upgrade; returns whether the request is to be sent again. */
  readonly onAnswer?: (answer: http.IncomingMessage) => Promise<boolean>;
  /** Why the server's challenge was not answered. */
  readonly failure?: () => Error | undefined;
}

/** Sends the request; returns undefined if it is to be sent again. */
export function requestUpgrade(
  target: URL,
  options: https.RequestOptions,
  { timeout, signal, onAnswer, failure }: UpgradeWait,
): Promise<Upgraded | undefined> {
  return new Promise((resolve, reject) => {
    const client = target.protocol === 'https:' ? https : http;
    const request = client.request(target, { ...options, ...ANSWER_OPTIONS, method: 'GET' });
    const limit = startLimit(timeout, () => {
      const text = `The opening handshake with ${serverText(target)} took longer than limits.handshakeTimeout`;
      fail(new ConnectionError('ERR_WEBSOCKET_TIMEOUT', text));
    });
    let certificates: () => readonly CertificateFacts[] = () => [];
    const done = () => {
      clearTimeout(limit);
      stop?.();
    };
    const fail = (error: unknown) => {
      done();
      reject(error);
      request.destroy();
    };
    const stop = signal ? onAbort(signal, () => fail(abortErrorOf(signal))) : undefined;
    const finish = (result: Upgraded | undefined) => {
      done();
      resolve(result);
    };
    request.on('error', (error) => fail(connectFailure(error, target, certificates())));
    request.on('socket', (socket) => {
      certificates = startReading(socket, target, fail);
    });
    request.on('response', (response) => {
      const { statusCode = 0, statusMessage = '', headers } = response;
      const refuse = () => fail(new UpgradeRefusedError(statusCode, statusMessage, headers, failure?.()));
      if (!onAnswer) return refuse();
      onAnswer(response).then((isAgain) => (isAgain ? finish(undefined) : refuse()), fail);
    });
    request.on('upgrade', (response, socket, head) => {
      const upgraded = { response, socket, head };
      if (!onAnswer) return finish(upgraded);
      onAnswer(response).then(
        () => finish(upgraded),
        (error) => {
          socket.destroy();
          fail(error);
        },
      );
    });
    request.end();
  });
}

/** Reads the answer from a socket; returns a function for the server's certificate. */
function startReading(socket: Socket, target: URL, fail: (error: unknown) => void): () => readonly CertificateFacts[] {
  readAnswer(socket, (error) => {
    fail(new ConnectionError('ERR_WEBSOCKET_HANDSHAKE', `${serverText(target)}: ${error.message}`, error));
  });
  return socket instanceof TLSSocket ? keepCertificate(socket) : () => [];
}
