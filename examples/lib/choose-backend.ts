import { type BackendName, backends } from 'winwire';

/** Returns the requested backend, or the default; throws with the reason if it is not available. */
export function chooseBackend(wanted: BackendName | undefined): BackendName {
  const found = backends();
  const name = wanted ?? found.default;
  const { available, reason } = found.websocket[name];
  if (!available) throw new Error(`the backend '${name}' is not available: ${reason}`);
  return name;
}
