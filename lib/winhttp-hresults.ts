/**
 * The HRESULTs of IWinHttpRequest. Source: Microsoft, "Error Messages (Winhttp.h)", winerror.h; a Win32 error n is
 * 0x80070000 | n (HRESULT_FROM_WIN32), so WinHTTP's 12001..12186 are 0x80072EE1..0x80072F9A.
 */

const GENERAL = [
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
] as const;

/** WinHTTP's own: the Win32 error, its name after ERROR_WINHTTP_. */
const WINHTTP = [
  [12002, 'TIMEOUT', 'the operation timed out'],
  [12004, 'INTERNAL_ERROR', 'an internal error has occurred'],
  [12005, 'INVALID_URL', 'the URL is invalid'],
  [12006, 'UNRECOGNIZED_SCHEME', 'the URL does not use a recognized protocol'],
  [12007, 'NAME_NOT_RESOLVED', 'the name of the server could not be resolved'],
  [12009, 'INVALID_OPTION', 'the option is invalid'],
  [12011, 'OPTION_NOT_SETTABLE', 'the option cannot be set'],
  [12012, 'SHUTDOWN', 'the stack is being shut down'],
  [12015, 'LOGIN_FAILURE', 'the login failed'],
  [12017, 'OPERATION_CANCELLED', 'the operation was cancelled'],
  [12018, 'INCORRECT_HANDLE_TYPE', 'the type of the handle is wrong for this operation'],
  [12019, 'INCORRECT_HANDLE_STATE', 'the handle is in the wrong state for this operation'],
  [12029, 'CANNOT_CONNECT', 'a connection with the server could not be established'],
  [12030, 'CONNECTION_ERROR', 'the connection with the server was terminated abnormally'],
  [12032, 'RESEND_REQUEST', 'the request has to be sent again'],
  [12037, 'SECURE_CERT_DATE_INVALID', 'the certificate of the server is not valid today'],
  [12038, 'SECURE_CERT_CN_INVALID', 'the certificate is not one of that host name'],
  [12044, 'CLIENT_AUTH_CERT_NEEDED', 'the server wants a client certificate'],
  [12045, 'SECURE_INVALID_CA', 'the certificate of the server has no trusted root'],
  [12057, 'SECURE_CERT_REV_FAILED', 'whether the certificate is revoked could not be checked'],
  [12100, 'CANNOT_CALL_BEFORE_OPEN', 'this cannot be called until Open has been called'],
  [12101, 'CANNOT_CALL_BEFORE_SEND', 'this cannot be called until Send has been called'],
  [12102, 'CANNOT_CALL_AFTER_SEND', 'this cannot be called after Send has been called'],
  [12103, 'CANNOT_CALL_AFTER_OPEN', 'this cannot be set after Open has been called'],
  [12150, 'HEADER_NOT_FOUND', 'the requested header was not found'],
  [12152, 'INVALID_SERVER_RESPONSE', 'the server returned an invalid or unrecognized response'],
  [12153, 'INVALID_HEADER', 'the name or value of the header is invalid'],
  [12155, 'HEADER_ALREADY_EXISTS', 'the header already exists'],
  [12156, 'REDIRECT_FAILED', 'the redirection failed'],
  [12157, 'SECURE_CHANNEL_ERROR', 'the secure channel failed'],
  [12169, 'SECURE_INVALID_CERT', 'the certificate of the server is invalid'],
  [12170, 'SECURE_CERT_REVOKED', 'the certificate of the server is revoked'],
  [12175, 'SECURE_FAILURE', 'a security error occurred'],
  [12179, 'SECURE_CERT_WRONG_USAGE', 'the certificate is not one for servers'],
  [12181, 'HEADER_COUNT_EXCEEDED', 'the response has too many headers'],
  [12182, 'HEADER_SIZE_OVERFLOW', 'the headers of the response are too large'],
  [12183, 'CHUNKED_ENCODING_HEADER_SIZE_OVERFLOW', 'the head of a chunk is too large'],
  [12184, 'RESPONSE_DRAIN_OVERFLOW', 'the response is too large to be drained'],
  [12185, 'CLIENT_CERT_NO_PRIVATE_KEY', 'the client certificate has no private key'],
  [12186, 'CLIENT_CERT_NO_ACCESS_PRIVATE_KEY', 'the private key of the client certificate is out of reach'],
] as const;

type TableName = (typeof GENERAL)[number][1] | `ERROR_WINHTTP_${(typeof WINHTTP)[number][1]}`;

const TABLE: readonly (readonly [value: number, name: TableName, meaning: string])[] = [
  ...GENERAL,
  ...WINHTTP.map(([error, name, meaning]) => [0x80070000 + error, `ERROR_WINHTTP_${name}`, meaning] as const),
];

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

type Name = TableName | 'E_INVALIDARG' | 'E_OUTOFMEMORY';

/** The HRESULTs that the request objects report, by name, unsigned. */
export const Code: Readonly<Record<Name, number>> = {
  ...(Object.fromEntries(TABLE.map(([value, name]) => [name, value])) as Record<TableName, number>),
  E_INVALIDARG: 0x80070057,
  E_OUTOFMEMORY: 0x8007000e,
};
