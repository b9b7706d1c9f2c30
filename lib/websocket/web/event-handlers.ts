/** Event handler attributes (`onopen` and the like) of an EventTarget. Source: HTML, "Event handlers". */

interface EventHandler {
  value: object;
  readonly listener: (event: Event) => void;
}

export class EventHandlers {
  readonly #target: EventTarget;
  readonly #handlers = new Map<string, EventHandler>();

  constructor(target: EventTarget) {
    this.#target = target;
  }

  get(type: string): object | null {
    return this.#handlers.get(type)?.value ?? null;
  }

  /** A handler that replaces another keeps its place among the listeners. */
  set(type: string, value: unknown): void {
    const known = this.#handlers.get(type);
    // [LegacyTreatNonObjectAsNull]
    if (!isObject(value)) {
      if (known !== undefined) this.#target.removeEventListener(type, known.listener);
      this.#handlers.delete(type);
    } else if (known !== undefined) {
      known.value = value;
    } else {
      const handler: EventHandler = { value, listener: (event) => call(handler.value, event) };
      this.#handlers.set(type, handler);
      this.#target.addEventListener(type, handler.listener);
    }
  }
}

function isObject(value: unknown): value is object {
  return typeof value === 'function' || (typeof value === 'object' && value !== null);
}

/** An object that is not callable, even with `handleEvent`, is kept and ignored. */
function call(handler: object, event: Event): void {
  if (typeof handler !== 'function') return;
  // "If return value is false, then set event's canceled flag."
  if (handler.call(event.currentTarget, event) === false) event.preventDefault();
}
