// What the statements are about: the request object, under its own name. Another implementation is tested by changing
// the import of this file, and of nothing else.
export {
  AutoLogonPolicy,
  CredentialTarget,
  ProxySetting,
  WinHttpRequest,
  WinHttpRequestOption,
} from '../../../lib/index.ts';
