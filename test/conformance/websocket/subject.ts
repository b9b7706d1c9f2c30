// What the statements are about: the 13 functions, under their own names. Another implementation is tested by changing
// the import of this file, and of nothing else.

import type { WebSocketFunctions } from '../../../lib/sys.ts';
import * as functions from '../../../lib/sys.ts';

export {
  Action,
  ActionQueue,
  BufferType,
  type HttpHeader,
  PropertyType,
  type WebSocketAction,
  type WebSocketFunctions,
  type WebSocketHandle,
  type WebSocketProperty,
} from '../../../lib/sys.ts';

export const sys: WebSocketFunctions = functions;
