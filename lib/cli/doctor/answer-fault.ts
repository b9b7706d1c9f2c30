/** Whether an answer to a plain GET says that something is wrong, and what. */
import type { ResponseReport } from './doctor-report.ts';

// Misdirected Request, Upgrade Required, and nginx's numbers for TLS.
const FAULTS = new Set([400, 407, 421, 426, 495, 496, 497]);
// Texts of nginx, Apache, IIS, HAProxy and Go.
const CERTIFICATE = /client certificate|SSL certificate|certificate (?:is |was )?required/i;
const PLAIN_TEXT = /plain HTTP|SSL-enabled|HTTP request to an HTTPS|HTTPS port/i;

/** Describes the fault; undefined for a good answer. `text` is the beginning of the body. */
export function answerFault({ status, statusText }: ResponseReport, text: string): string | undefined {
  const reason = reasonFor(status, text);
  if (reason === undefined && !FAULTS.has(status) && status < 500) return undefined;
  return `answer: ${status} ${statusText}`.trimEnd() + (reason === undefined ? '' : `: ${reason}`);
}

function reasonFor(status: number, text: string): string | undefined {
  if (status < 400) return undefined;
  if (status === 497 || PLAIN_TEXT.test(text)) return 'the server speaks TLS on this port: use https:';
  if (status === 495 || status === 496 || CERTIFICATE.test(text)) return 'the server demands a client certificate';
  return undefined;
}
