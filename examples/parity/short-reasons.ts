// A subject with a planted fault, for a first look at a report: reasons of received closes lose their end.
//   npm run parity -- --left portable --right examples/parity/short-reasons.ts --component websocket
import { type WebSocketFunctions, websocketFunctions } from 'winwire/sys';

export const name = 'short-reasons';

export const websocket: WebSocketFunctions = {
  ...websocketFunctions,
  WebSocketGetAction(handle, queue) {
    const action = websocketFunctions.WebSocketGetAction(handle, queue);
    if (action.close === undefined) return action;
    return { ...action, close: { ...action.close, reason: action.close.reason?.slice(0, 3) } };
  },
};
