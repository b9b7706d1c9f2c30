/**
 * The HRESULTs of IWinHttpRequest. Source: Microsoft, "Error Messages (Winhttp.h)", winerror.h; a Win32 error n is
 * 0x80070000 | n (HRESULT_FROM_WIN32), so WinHTTP's 12001..12186 are 0x80072EE1..0x80072F9A.
 */

const TABLE = [
  [0x8000000a, 'E_PENDING', 'the data necessary to complete this operation is not yet available'],
  [0x80004001, 'E_NOTIMPL', 'not implemented'],
  [0x80020005, 'DISP_E_TYPEMISMATCH', 'a value cannot be converted to the type that is needed'],
  [0x80070032, 'ERROR_NOT_SUPPORTED', 'the request is not supported'],
  [0x8007001d, 'ERROR_WRITE_FAULT', 'the temporary file of the response could not be written'],
  [0x8007001e, 'ERROR_READ_FAULT', 'the body could not be read'],
  [0x800700df, 'ERROR_FILE_TOO_LARGE', 'the data is larger than the limit allows'],
  [0x80070459, 'ERROR_NO_UNICODE_TRANSLATION', 'the bytes are no text in the code page of the response'],
  [0x800704c7, 'ERROR_CANCELLED', 'the operation was cancelled'],
  [0x80072746, 'WSAECONNRESET', 'the connection was reset'],
  [0x8007274c, 'WSAETIMEDOUT', 'the connection timed out'],
  [0x80072ee2, 'ERROR_WINHTTP_TIMEOUT', 'the operation timed out'],
  [0x80072ee4, 'ERROR_WINHTTP_INTERNAL_ERROR', 'an internal error has occurred'],
  [0x80072ee5, 'ERROR_WINHTTP_INVALID_URL', 'the URL is invalid'],
  [0x80072ee6, 'ERROR_WINHTTP_UNRECOGNIZED_SCHEME', 'the URL does not use a recognized protocol'],
  [0x80072ee7, 'ERROR_WINHTTP_NAME_NOT_RESOLVED', 'the name of the server could not be resolved'],
  [0x80072ee9, 'ERROR_WINHTTP_INVALID_OPTION', 'the option is invalid'],
  [0x80072eeb, 'ERROR_WINHTTP_OPTION_NOT_SETTABLE', 'the option cannot be set'],
  [0x80072eec, 'ERROR_WINHTTP_SHUTDOWN', 'the stack is being shut down'],
  [0x80072eef, 'ERROR_WINHTTP_LOGIN_FAILURE', 'the login failed'],
  [0x80072ef1, 'ERROR_WINHTTP_OPERATION_CANCELLED', 'the operation was cancelled'],
  [0x80072ef2, 'ERROR_WINHTTP_INCORRECT_HANDLE_TYPE', 'the type of the handle is wrong for this operation'],
  [0x80072ef3, 'ERROR_WINHTTP_INCORRECT_HANDLE_STATE', 'the handle is in the wrong state for this operation'],
  [0x80072efd, 'ERROR_WINHTTP_CANNOT_CONNECT', 'a connection with the server could not be established'],
  [0x80072efe, 'ERROR_WINHTTP_CONNECTION_ERROR', 'the connection with the server was terminated abnormally'],
  [0x80072f00, 'ERROR_WINHTTP_RESEND_REQUEST', 'the request has to be sent again'],
  [0x80072f05, 'ERROR_WINHTTP_SECURE_CERT_DATE_INVALID', 'the certificate of the server is not valid today'],
  [0x80072f06, 'ERROR_WINHTTP_SECURE_CERT_CN_INVALID', 'the certificate is not one of that host name'],
  [0x80072f0c, 'ERROR_WINHTTP_CLIENT_AUTH_CERT_NEEDED', 'the server wants a client certificate'],
  [0x80072f0d, 'ERROR_WINHTTP_SECURE_INVALID_CA', 'the certificate of the server has no trusted root'],
  [0x80072f19, 'ERROR_WINHTTP_SECURE_CERT_REV_FAILED', 'whether the certificate is revoked could not be checked'],
  [0x80072f44, 'ERROR_WINHTTP_CANNOT_CALL_BEFORE_OPEN', 'this cannot be called until Open has been called'],
  [0x80072f45, 'ERROR_WINHTTP_CANNOT_CALL_BEFORE_SEND', 'this cannot be called until Send has been called'],
  [0x80072f46, 'ERROR_WINHTTP_CANNOT_CALL_AFTER_SEND', 'this cannot be called after Send has been called'],
  [0x80072f47, 'ERROR_WINHTTP_CANNOT_CALL_AFTER_OPEN', 'this cannot be set after Open has been called'],
  [0x80072f76, 'ERROR_WINHTTP_HEADER_NOT_FOUND', 'the requested header was not found'],
  [0x80072f78, 'ERROR_WINHTTP_INVALID_SERVER_RESPONSE', 'the server returned an invalid or unrecognized response'],
  [0x80072f79, 'ERROR_WINHTTP_INVALID_HEADER', 'the name or value of the header is invalid'],
  [0x80072f7b, 'ERROR_WINHTTP_HEADER_ALREADY_EXISTS', 'the header already exists'],
  [0x80072f7c, 'ERROR_WINHTTP_REDIRECT_FAILED', 'the redirection failed'],
  [0x80072f7d, 'ERROR_WINHTTP_SECURE_CHANNEL_ERROR', 'the secure channel failed'],
  [0x80072f89, 'ERROR_WINHTTP_SECURE_INVALID_CERT', 'the certificate of the server is invalid'],
  [0x80072f8a, 'ERROR_WINHTTP_SECURE_CERT_REVOKED', 'the certificate of the server is revoked'],
  [0x80072f8f, 'ERROR_WINHTTP_SECURE_FAILURE', 'a security error occurred'],
  [0x80072f93, 'ERROR_WINHTTP_SECURE_CERT_WRONG_USAGE', 'the certificate is not one for servers'],
  [0x80072f95, 'ERROR_WINHTTP_HEADER_COUNT_EXCEEDED', 'the response has too many headers'],
  [0x80072f96, 'ERROR_WINHTTP_HEADER_SIZE_OVERFLOW', 'the headers of the response are too large'],
  [0x80072f97, 'ERROR_WINHTTP_CHUNKED_ENCODING_HEADER_SIZE_OVERFLOW', 'the head of a chunk is too large'],
  [0x80072f98, 'ERROR_WINHTTP_RESPONSE_DRAIN_OVERFLOW', 'the response is too large to be drained'],
  [0x80072f99, 'ERROR_WINHTTP_CLIENT_CERT_NO_PRIVATE_KEY', 'the client certificate has no private key'],
  [
    0x80072f9a,
    'ERROR_WINHTTP_CLIENT_CERT_NO_ACCESS_PRIVATE_KEY',
    'the private key of the client certificate is out of reach',
  ],
] as const;

/** What is known of an HRESULT; `value` is unsigned. */
export interface HresultEntry {
  readonly value: number;
  readonly name: string;
  readonly meaning: string;
}

export const WINHTTP_HRESULTS: readonly HresultEntry[] = TABLE.map(([value, name, meaning]) => ({
  value,
  name,
  meaning,
}));

type Name = (typeof TABLE)[number][1] | 'E_INVALIDARG' | 'E_OUTOFMEMORY';

/** The HRESULTs that the request objects report, by name, unsigned. */
export const Code: Readonly<Record<Name, number>> = {
  ...(Object.fromEntries(TABLE.map(([value, name]) => [name, value])) as Record<(typeof TABLE)[number][1], number>),
  E_INVALIDARG: 0x80070057,
  E_OUTOFMEMORY: 0x8007000e,
};
