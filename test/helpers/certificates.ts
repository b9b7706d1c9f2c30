// The certificates of test/fixtures/certificates: worth nothing outside of the tests.
import { readFileSync } from 'node:fs';

const file = (name: string): Buffer => readFileSync(new URL(`../fixtures/certificates/${name}`, import.meta.url));

const pair = (name: string) => ({ cert: file(`${name}.pem`), key: file(`${name}.key`) });

/** For localhost and 127.0.0.1, signed by itself. */
export const selfSigned = () => pair('self-signed');
/** For another host name, signed by itself. */
export const otherName = () => pair('other-name');
/** For localhost, of the test authority, good until 2002. */
export const expired = () => pair('expired');
/** A client's, of the test authority. */
export const client = () => pair('client');
/** The same with its key, as PKCS #12 with the passphrase `secret`. */
export const clientPfx = (): Buffer => file('client.pfx');
/** The test authority's. */
export const authority = (): Buffer => file('ca.pem');
