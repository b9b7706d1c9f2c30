/** The messages of the channels `winwire:winhttp:…` of node:diagnostics_channel, as subscribers receive them. */
import type {
  ConnectedMessage,
  RequestAbortMessage,
  RequestSentMessage,
  RequestTrace,
  ResponseDataMessage,
  ResponseStartMessage,
} from '../../diagnostics/winhttp-channels.ts';
import type { WinHttpResponse } from './static-request.ts';
import type { WinHttpRequest } from './winhttp-request.ts';

/** The message of the TracingChannel `winwire:winhttp:request`, to which the others refer. */
export type WinHttpRequestTrace = RequestTrace<WinHttpRequest, WinHttpResponse>;

/** The message of `winwire:winhttp:connected`. */
export type WinHttpConnectedMessage = ConnectedMessage<WinHttpRequestTrace>;

/** The message of `winwire:winhttp:requestSent`. */
export type WinHttpRequestSentMessage = RequestSentMessage<WinHttpRequestTrace>;

/** The message of `winwire:winhttp:responseStart`. */
export type WinHttpResponseStartMessage = ResponseStartMessage<WinHttpRequestTrace>;

/** The message of `winwire:winhttp:responseData`. */
export type WinHttpResponseDataMessage = ResponseDataMessage<WinHttpRequestTrace>;

/** The message of `winwire:winhttp:abort`. */
export type WinHttpAbortMessage = RequestAbortMessage<WinHttpRequestTrace>;
