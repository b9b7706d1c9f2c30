/** The channel `winwire:auth:step` of node:diagnostics_channel and its message. */
import { typedChannel } from './typed-channel.ts';

/**
 * `winwire:auth:step`: a token was made, or the last one of the peer was checked. The message has names and lengths; it
 * never has a token, a user name or a password.
 */
export interface AuthStepMessage {
  readonly target: 'proxy' | 'server';
  readonly host: string;
  readonly port: number;
  readonly scheme: 'Negotiate' | 'Kerberos' | 'NTLM';
  /** `HTTP/host`. */
  readonly servicePrincipalName: string;
  /** The number of the step, from 1. */
  readonly leg: number;
  /** The bytes of the peer's token; 0 in the first step. */
  readonly received: number;
  /** The bytes of the token to send; 0 if there is none. */
  readonly sent: number;
}

const steps = typedChannel<AuthStepMessage>('winwire:auth:step');

/** Publishes a step, if anything subscribes. */
export function publishAuthStep(message: AuthStepMessage): void {
  if (steps.hasSubscribers) steps.publish(message);
}
