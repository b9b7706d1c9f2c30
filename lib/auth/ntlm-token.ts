/** Finds NTLM in a token, plain or inside SPNEGO. */

/** The signature of every NTLM message. Source: Microsoft, [MS-NLMP] section 2.2.1. */
const SIGNATURE = Buffer.from('NTLMSSP\0', 'latin1');
/** The object identifier 1.3.6.1.4.1.311.2.2.10 in DER. Source: Microsoft, [MS-NLMP] section 1.9. */
const OBJECT_IDENTIFIER = Buffer.from('060a2b06010401823702020a', 'hex');

/**
 * Returns whether a token is of NTLM, has one inside, or offers NTLM in SPNEGO's list of mechanisms (RFC 4178
 * section 4.2.1). It searches all bytes: a token in an unknown wrapping counts too.
 */
export const hasNtlm = (token: Uint8Array): boolean => {
  const bytes = Buffer.from(token.buffer, token.byteOffset, token.byteLength);
  return bytes.includes(SIGNATURE) || bytes.includes(OBJECT_IDENTIFIER);
};
