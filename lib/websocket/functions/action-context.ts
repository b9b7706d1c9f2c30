/** The token between WebSocketGetAction and WebSocketCompleteAction. */
import { invalidActionContext } from '../../errors.ts';
import type { HandleState } from './handle.ts';

/** Action 0 means NULL, the context of NO_ACTION. */
const NULL_ACTION = 0;

export let createActionContext: (state: HandleState, id: number) => WebSocketActionContext;

/** Returns the number of the action; throws unless the context belongs to this handle. */
export let actionIdOf: (context: unknown, state: HandleState) => number;

/**
 * Identifies one outstanding action of one handle: WebSocketGetAction returns it, WebSocketCompleteAction accepts it
 * once. It has no members.
 *
 * Source: Microsoft, WebSocketGetAction function (websocket.h), pvActionContext.
 */
export class WebSocketActionContext {
  // The constructor is not guarded: a context made by other code is useless, because only this module has a
  // HandleState.
  readonly #state: HandleState;
  readonly #id: number;

  private constructor(state: HandleState, id: number) {
    this.#state = state;
    this.#id = id;
  }

  static {
    createActionContext = (state, id) => new WebSocketActionContext(state, id);
    actionIdOf = (context, state) => {
      if (context === undefined || context === null) return NULL_ACTION;
      if (typeof context !== 'object' || !(#state in context)) {
        throw invalidActionContext('was not returned by WebSocketGetAction');
      }
      if (context.#state !== state) throw invalidActionContext('belongs to another handle');
      return context.#id;
    };
  }
}
