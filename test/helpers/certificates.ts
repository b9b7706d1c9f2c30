// The certificates of test/fixtures/certificates, for tests only.
import { readFileSync } from 'node:fs';

const file = (name: string): Buffer => readFileSync(new URL(`../fixtures/certificates/${name}`, import.meta.url));

const pair = (name: string) => ({ cert: file(`${name}.pem`), key: file(`${name}.key`) });

/** Self-signed, for localhost and 127.0.0.1. */
export const selfSigned = () => pair('self-signed');
/** Self-signed, for another host name. */
export const otherName = () => pair('other-name');
/** Issued by the test authority for localhost, valid until 2002. */
export const expired = () => pair('expired');
/** Issued by an untrusted authority for localhost, valid until 2120. */
export const unknownIssuer = () => ({ cert: file('trust/good.pem'), key: file('trust/leaf.key') });
/** A client certificate of the test authority. */
export const client = () => pair('client');
/** The same with its key, as PKCS #12 with the passphrase `secret`. */
export const clientPfx = (): Buffer => file('client.pfx');
/** The certificate of the test authority. */
export const authority = (): Buffer => file('ca.pem');
