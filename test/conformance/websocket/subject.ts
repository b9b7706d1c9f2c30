// The tested implementation: the 13 functions. To test another one, change only the import in this file.

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
