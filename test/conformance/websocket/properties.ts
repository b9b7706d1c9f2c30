import { PropertyType, type WebSocketProperty } from './subject.ts';

export function receiveBuffer(bytes: number): WebSocketProperty {
  return { type: PropertyType.RECEIVE_BUFFER_SIZE, value: bytes };
}

export function sendBuffer(bytes: number): WebSocketProperty {
  return { type: PropertyType.SEND_BUFFER_SIZE, value: bytes };
}

export const NO_MASKING: WebSocketProperty = { type: PropertyType.DISABLE_MASKING, value: true };

export const NO_UTF8_CHECK: WebSocketProperty = { type: PropertyType.DISABLE_UTF8_VERIFICATION, value: true };
