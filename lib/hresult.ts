/**
 * The HRESULTs that winwire knows by name, as unsigned numbers, with their meanings. Source: winerror.h; Microsoft,
 * "Error Messages (Winhttp.h)" and "SSPI Status Codes". A Win32 error n is 0x80070000 | n (HRESULT_FROM_WIN32), so
 * WinHTTP's 12001..12186 are 0x80072EE1..0x80072F9A.
 */

const TABLE = {
  // Microsoft's websocket.h pages name two of these E_UNSUPPORTED_EXTENSION and E_UNSUPPORTED_SUBPROTOCOL.
  E_INVALID_PROTOCOL_OPERATION: [0x83760001, 'not allowed in the present state or order'],
  E_INVALID_PROTOCOL_FORMAT: [0x83760002, 'the bytes or headers are malformed'],
  E_PROTOCOL_EXTENSIONS_NOT_SUPPORTED: [0x83760003, 'the two sides do not agree on extensions'],
  E_SUBPROTOCOL_NOT_SUPPORTED: [0x83760004, 'the two sides do not agree on a sub-protocol'],
  E_PROTOCOL_VERSION_NOT_SUPPORTED: [0x83760005, 'the version of the protocol is not supported'],
  E_INVALIDARG: [0x80070057, 'an argument is invalid'],
  E_OUTOFMEMORY: [0x8007000e, 'not enough memory'],
  ERROR_FILE_NOT_FOUND: [0x80070002, 'there is no such file or setting'],
  ERROR_INSUFFICIENT_BUFFER: [0x8007007a, 'an output buffer is too small'],
  ERROR_ARITHMETIC_OVERFLOW: [0x80070216, 'a size is out of range'],
  E_PENDING: [0x8000000a, 'the data necessary to complete this operation is not yet available'],
  E_UNEXPECTED: [0x8000ffff, 'the component or object has broken its contract'],
  E_NOTIMPL: [0x80004001, 'not implemented'],
  DISP_E_TYPEMISMATCH: [0x80020005, 'a value cannot be converted to the type that is needed'],
  ERROR_NOT_SUPPORTED: [0x80070032, 'the request is not supported'],
  ERROR_WRITE_FAULT: [0x8007001d, 'the temporary file of the response could not be written'],
  ERROR_READ_FAULT: [0x8007001e, 'the body could not be read'],
  ERROR_FILE_TOO_LARGE: [0x800700df, 'the data is larger than the limit allows'],
  ERROR_NO_UNICODE_TRANSLATION: [0x80070459, 'the bytes are no text in the code page of the response'],
  ERROR_CANCELLED: [0x800704c7, 'the operation was cancelled'],
  ERROR_TIMEOUT: [0x800705b4, 'a call of the object has not returned'],
  ERROR_PASSWORD_EXPIRED: [0x80070532, 'the password has expired'],
  ERROR_PASSWORD_MUST_CHANGE: [0x80070773, 'the password must be changed'],
  WSAECONNRESET: [0x80072746, 'the connection was reset'],
  WSAETIMEDOUT: [0x8007274c, 'the connection timed out'],
  ERROR_WINHTTP_TIMEOUT: [0x80072ee2, 'the operation timed out'],
  ERROR_WINHTTP_INTERNAL_ERROR: [0x80072ee4, 'an internal error has occurred'],
  ERROR_WINHTTP_INVALID_URL: [0x80072ee5, 'the URL is invalid'],
  ERROR_WINHTTP_UNRECOGNIZED_SCHEME: [0x80072ee6, 'the URL does not use a recognized protocol'],
  ERROR_WINHTTP_NAME_NOT_RESOLVED: [0x80072ee7, 'the name of the server could not be resolved'],
  ERROR_WINHTTP_INVALID_OPTION: [0x80072ee9, 'the option is invalid'],
  ERROR_WINHTTP_OPTION_NOT_SETTABLE: [0x80072eeb, 'the option cannot be set'],
  ERROR_WINHTTP_SHUTDOWN: [0x80072eec, 'the stack is being shut down'],
  ERROR_WINHTTP_LOGIN_FAILURE: [0x80072eef, 'the login failed'],
  ERROR_WINHTTP_OPERATION_CANCELLED: [0x80072ef1, 'the operation was cancelled'],
  ERROR_WINHTTP_INCORRECT_HANDLE_TYPE: [0x80072ef2, 'the type of the handle is wrong for this operation'],
  ERROR_WINHTTP_INCORRECT_HANDLE_STATE: [0x80072ef3, 'the handle is in the wrong state for this operation'],
  ERROR_WINHTTP_CANNOT_CONNECT: [0x80072efd, 'a connection with the server could not be established'],
  ERROR_WINHTTP_CONNECTION_ERROR: [0x80072efe, 'the connection with the server was terminated abnormally'],
  ERROR_WINHTTP_RESEND_REQUEST: [0x80072f00, 'the request has to be sent again'],
  ERROR_WINHTTP_SECURE_CERT_DATE_INVALID: [0x80072f05, 'the certificate of the server is not valid today'],
  ERROR_WINHTTP_SECURE_CERT_CN_INVALID: [0x80072f06, 'the certificate is not one of that host name'],
  ERROR_WINHTTP_CLIENT_AUTH_CERT_NEEDED: [0x80072f0c, 'the server wants a client certificate'],
  ERROR_WINHTTP_SECURE_INVALID_CA: [0x80072f0d, 'the certificate of the server has no trusted root'],
  ERROR_WINHTTP_SECURE_CERT_REV_FAILED: [0x80072f19, 'whether the certificate is revoked could not be checked'],
  ERROR_WINHTTP_CANNOT_CALL_BEFORE_OPEN: [0x80072f44, 'this cannot be called until Open has been called'],
  ERROR_WINHTTP_CANNOT_CALL_BEFORE_SEND: [0x80072f45, 'this cannot be called until Send has been called'],
  ERROR_WINHTTP_CANNOT_CALL_AFTER_SEND: [0x80072f46, 'this cannot be called after Send has been called'],
  ERROR_WINHTTP_CANNOT_CALL_AFTER_OPEN: [0x80072f47, 'this cannot be set after Open has been called'],
  ERROR_WINHTTP_HEADER_NOT_FOUND: [0x80072f76, 'the requested header was not found'],
  ERROR_WINHTTP_INVALID_SERVER_RESPONSE: [0x80072f78, 'the server returned an invalid or unrecognized response'],
  ERROR_WINHTTP_INVALID_HEADER: [0x80072f79, 'the name or value of the header is invalid'],
  ERROR_WINHTTP_HEADER_ALREADY_EXISTS: [0x80072f7b, 'the header already exists'],
  ERROR_WINHTTP_REDIRECT_FAILED: [0x80072f7c, 'the redirection failed'],
  ERROR_WINHTTP_SECURE_CHANNEL_ERROR: [0x80072f7d, 'the secure channel failed'],
  ERROR_WINHTTP_BAD_AUTO_PROXY_SCRIPT: [0x80072f86, 'the proxy script is invalid'],
  ERROR_WINHTTP_UNABLE_TO_DOWNLOAD_SCRIPT: [0x80072f87, 'the proxy script could not be downloaded'],
  ERROR_WINHTTP_SECURE_INVALID_CERT: [0x80072f89, 'the certificate of the server is invalid'],
  ERROR_WINHTTP_SECURE_CERT_REVOKED: [0x80072f8a, 'the certificate of the server is revoked'],
  ERROR_WINHTTP_SECURE_FAILURE: [0x80072f8f, 'a security error occurred'],
  ERROR_WINHTTP_UNHANDLED_SCRIPT_TYPE: [0x80072f90, 'the proxy script is of an unknown type'],
  ERROR_WINHTTP_SCRIPT_EXECUTION_ERROR: [0x80072f91, 'the proxy script failed while it ran'],
  ERROR_WINHTTP_AUTO_PROXY_SERVICE_ERROR: [0x80072f92, 'the service that resolves proxies failed'],
  ERROR_WINHTTP_SECURE_CERT_WRONG_USAGE: [0x80072f93, 'the certificate is not one for servers'],
  ERROR_WINHTTP_AUTODETECTION_FAILED: [0x80072f94, 'the proxy script could not be found by WPAD'],
  ERROR_WINHTTP_HEADER_COUNT_EXCEEDED: [0x80072f95, 'the response has too many headers'],
  ERROR_WINHTTP_HEADER_SIZE_OVERFLOW: [0x80072f96, 'the headers of the response are too large'],
  ERROR_WINHTTP_CHUNKED_ENCODING_HEADER_SIZE_OVERFLOW: [0x80072f97, 'the head of a chunk is too large'],
  ERROR_WINHTTP_RESPONSE_DRAIN_OVERFLOW: [0x80072f98, 'the response is too large to be drained'],
  ERROR_WINHTTP_CLIENT_CERT_NO_PRIVATE_KEY: [0x80072f99, 'the client certificate has no private key'],
  ERROR_WINHTTP_CLIENT_CERT_NO_ACCESS_PRIVATE_KEY: [
    0x80072f9a,
    'the private key of the client certificate is out of reach',
  ],
  SEC_E_INVALID_HANDLE: [0x80090301, 'the handle of a context or credential is invalid'],
  SEC_E_TARGET_UNKNOWN: [0x80090303, 'the domain does not know the service'],
  SEC_E_INTERNAL_ERROR: [0x80090304, 'the mechanism failed'],
  SEC_E_SECPKG_NOT_FOUND: [0x80090305, 'the system does not have this mechanism'],
  SEC_E_INVALID_TOKEN: [0x80090308, 'the token of the peer is invalid'],
  SEC_E_LOGON_DENIED: [0x8009030c, 'the user name or the password is wrong'],
  SEC_E_UNKNOWN_CREDENTIALS: [0x8009030d, 'the credentials are unknown to the mechanism'],
  SEC_E_NO_CREDENTIALS: [0x8009030e, 'no credentials are available'],
  SEC_E_MESSAGE_ALTERED: [0x8009030f, 'the token of the peer was altered'],
  SEC_E_OUT_OF_SEQUENCE: [0x80090310, 'the token of the peer is out of sequence'],
  SEC_E_NO_AUTHENTICATING_AUTHORITY: [0x80090311, 'no domain controller can be reached'],
  SEC_E_CONTEXT_EXPIRED: [0x80090317, 'the credentials have expired'],
  SEC_E_WRONG_PRINCIPAL: [0x80090322, 'the service name belongs to another account'],
  SEC_E_TIME_SKEW: [0x80090324, 'the clocks of the two machines differ too much'],
  SEC_E_BAD_BINDINGS: [0x80090346, 'the channel bindings do not match'],
  SEC_E_MUTUAL_AUTH_FAILED: [0x80090363, 'the peer did not prove its identity'],
} as const;

/** The symbolic name of an HRESULT, a property of {@link HResult}. */
export type HResultName = keyof typeof TABLE;

const ENTRIES = Object.entries(TABLE) as [HResultName, readonly [value: number, meaning: string]][];

/** HRESULTs by symbolic name, as unsigned numbers: `error.hresult === HResult.E_INVALID_PROTOCOL_FORMAT`. */
export const HResult = Object.freeze(Object.fromEntries(ENTRIES.map(([name, [value]]) => [name, value]))) as {
  readonly [Name in HResultName]: (typeof TABLE)[Name][0];
};

const BY_VALUE = new Map(ENTRIES.map(([name, [value, meaning]]) => [value, { name, meaning }]));

/** Returns the name and meaning of an HRESULT, given as an unsigned number. */
export function describeHResult(value: number): { readonly name: HResultName; readonly meaning: string } | undefined {
  return BY_VALUE.get(value);
}
