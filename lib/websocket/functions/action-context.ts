/** The token between WebSocketGetAction and WebSocketCompleteAction. */
import { invalidActionContext } from '../../errors.ts';
import type { HandleState } from './handle.ts';

/** Action 0 stands for NULL, which NO_ACTION comes with. */
const NULL_ACTION = 0;

export let createActionContext: (state: HandleState, id: number) => WebSocketActionContext;

/** The number of the action, after checking that the token is one of this handle. */
export let actionIdOf: (context: unknown, state: HandleState) => number;

/**
 * Names one outstanding action of one handle: WebSocketGetAction returns it, WebSocketCompleteAction takes it once. It
 * has no members.
 *
 * Source: Microsoft, WebSocketGetAction function (websocket.h), pvActionContext.
 */
export class WebSocketActionContext {
  // Not guarded: a token that somebody else constructs is of no use, since nobody else can name a HandleState.
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
        throw invalidActionContext('is none that WebSocketGetAction returned');
      }
      if (context.#state !== state) throw invalidActionContext('belongs to another handle');
      return context.#id;
    };
  }
}
