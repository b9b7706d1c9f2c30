/**
 * The memory block that a thread's pumps share with the addon: the outputs of a call, and the messages to frame.
 * native/binding/pump_block.h has the same layout.
 */
import { whenLoaded } from '../../native.ts';

/** The block's numbers. */
export const Field = {
  /** In and out: the bytes of the chunk that the handle used, and the places in it that contain bytes of messages. */
  USED: 0,
  BLOCK_USED: 1,
  ITEM_COUNT: 2,
  /** Bytes for the network. */
  OUT_SIZE: 3,
  /** Whether these do not fit into the caller's memory. */
  OUT_SPILLED: 4,
  /** Number of staged messages that were framed. */
  SENT_COUNT: 5,
  /** Pongs that were written since the last receive. */
  PONG_COUNT: 6,
  /** The function that failed: an index of {@link PUMP_CALLS}. */
  FAILED_FUNCTION: 7,
  /** Missing bytes of the current data frame, unsigned, at most 4 GiB; 0 if there are none, or its header is incomplete. */
  FRAME_LEFT: 8,
  /** Whether the message ends with that frame. */
  FRAME_ENDS_MESSAGE: 9,
  /** Whether the pump parses in place. */
  IN_PLACE: 10,
} as const;

/** The functions that a pump calls, in the order of pump::CalledFunction. */
export const PUMP_CALLS = ['WebSocketGetAction', 'WebSocketReceive', 'WebSocketSend'] as const;

const FIELD_COUNT = 16;
const ITEM_CAPACITY = 4096;
export const MESSAGE_CAPACITY = 1024;
/**
 * Words per record. An item: buffer type, offset, length, and the status of a close or an {@link Encoding}. A staged
 * message: buffer type, length or {@link NULL_DATA}, the status of a close, unused.
 */
export const RECORD_WORDS = 4;
export const STAGING_SIZE = 65_536;
const TEXT_SIZE = 131_072;
const SHARED_RECEIVE_SIZE = 8192;
/** In place of a length: no buffer. */
export const NULL_DATA = -1;

/** The low bits of the buffer types (BufferType of websocket/functions). */
export const TypeBits = {
  UTF8_MESSAGE: 0,
  UTF8_FRAGMENT: 1,
  BINARY_MESSAGE: 2,
  BINARY_FRAGMENT: 3,
  CLOSE: 4,
  PING_PONG: 5,
} as const;

/**
 * Location and encoding of an item's data: BYTES and ASCII in the chunk, UTF-16 in the text area, IN_ROOM bytes in the
 * block for the rest of a message. The payload of a control frame is in the text area.
 */
export const Encoding = { BYTES: 0, ASCII: 1, UTF16: 2, IN_ROOM: 3 } as const;

/** Results of pumpReceive that are not an HRESULT. */
export const ReceiveStatus = { WANTS_BYTES: 0, FULL: 1, CLOSED: 2, BAD_TEXT: 3, TOO_MANY_FRAMES: 4 } as const;

const itemsOffset = FIELD_COUNT * 4;
const messagesOffset = itemsOffset + ITEM_CAPACITY * RECORD_WORDS * 4;
const stagingOffset = messagesOffset + MESSAGE_CAPACITY * RECORD_WORDS * 4;

export let fields: Int32Array;
export let items: Int32Array;
export let messages: Int32Array;
export let staging: Buffer;
export let text: Buffer;
/** The receive buffer that the handles of a thread share. Bytes wait in it between two calls of one receive. */
export let sharedReceive: Buffer;

whenLoaded((native) => {
  const pumpBlock = native.pumpBlock();
  fields = new Int32Array(pumpBlock, 0, FIELD_COUNT);
  items = new Int32Array(pumpBlock, itemsOffset, ITEM_CAPACITY * RECORD_WORDS);
  messages = new Int32Array(pumpBlock, messagesOffset, MESSAGE_CAPACITY * RECORD_WORDS);
  staging = Buffer.from(pumpBlock, stagingOffset, STAGING_SIZE);
  text = Buffer.from(pumpBlock, stagingOffset + STAGING_SIZE, TEXT_SIZE);
  sharedReceive = Buffer.from(pumpBlock, stagingOffset + STAGING_SIZE + TEXT_SIZE, SHARED_RECEIVE_SIZE);
});
