/** The tokens of SSPI and GSSAPI. */
import { openContext, readIdentity } from './auth-native.ts';
import type { TokenSource } from './token-source.ts';

export const systemTokens: TokenSource = {
  open: openContext,
  identity: readIdentity,
};
