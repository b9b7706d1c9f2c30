/** Texts for rejected handshakes: what was offered, what the other side has sent. */
import { HResult } from '../../hresult.ts';

/** Why an answer was rejected; `headers` are packed: name and value in turn, each followed by a NUL. */
export function answerText(hresult: number, offered: readonly string[], headers: string): string | undefined {
  switch (hresult >>> 0) {
    case HResult.E_SUBPROTOCOL_NOT_SUPPORTED:
      return `offered: ${listed(offered)}; the server chose ${headerValue(headers, 'Sec-WebSocket-Protocol') ?? 'none'}`;
    case HResult.E_PROTOCOL_EXTENSIONS_NOT_SUPPORTED:
      return `the server chose the extensions ${headerValue(headers, 'Sec-WebSocket-Extensions')}, which were not offered`;
    case HResult.E_INVALID_PROTOCOL_FORMAT:
      return fieldsText(headers, ['Upgrade', 'Connection', 'Sec-WebSocket-Accept']);
    default:
      return undefined;
  }
}

/** Why a request was rejected; `chosen` is the sub-protocol of this side. */
export function requestText(hresult: number, chosen: string | null, headers: string): string | undefined {
  switch (hresult >>> 0) {
    case HResult.E_SUBPROTOCOL_NOT_SUPPORTED:
      return `the client offered ${headerValue(headers, 'Sec-WebSocket-Protocol') ?? 'none'}; chosen: ${listed(chosen ? [chosen] : [])}`;
    case HResult.E_PROTOCOL_VERSION_NOT_SUPPORTED:
      return `the client asks for version ${headerValue(headers, 'Sec-WebSocket-Version') ?? 'none'}; 13 is supported`;
    case HResult.E_INVALID_PROTOCOL_FORMAT:
      return fieldsText(headers, ['Host', 'Upgrade', 'Connection', 'Sec-WebSocket-Key', 'Sec-WebSocket-Version']);
    default:
      return undefined;
  }
}

const listed = (names: readonly string[]): string =>
  names.length === 0 ? 'none' : names.map((name) => JSON.stringify(name)).join(', ');

const fieldsText = (headers: string, names: readonly string[]): string =>
  `received ${names.map((name) => `${name}: ${headerValue(headers, name) ?? 'missing'}`).join(', ')}`;

const MAX_SHOWN = 80;

/** The values of a header, as a JSON string. */
function headerValue(headers: string, name: string): string | undefined {
  const parts = headers.split('\0');
  const values = parts.filter((_, index) => index % 2 === 1 && parts[index - 1]?.toLowerCase() === name.toLowerCase());
  if (values.length === 0) return undefined;
  const text = values.join(', ');
  return JSON.stringify(text.length > MAX_SHOWN ? `${text.slice(0, MAX_SHOWN)}…` : text);
}
