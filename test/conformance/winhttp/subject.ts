// The tested implementation: the request object. To test another one, change only the import in this file.
export {
  AutoLogonPolicy,
  CredentialTarget,
  ProxySetting,
  WinHttpRequest,
  WinHttpRequestOption,
} from '../../../lib/index.ts';
