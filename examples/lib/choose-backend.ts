import { type BackendName, backends } from 'winwire';

/** The backend that a program was told to use, or the default; an error that says why if it cannot serve. */
export function chooseBackend(wanted: BackendName | undefined): BackendName {
  const found = backends();
  const name = wanted ?? found.default;
  const { available, reason } = found.websocket[name];
  if (!available) throw new Error(`the backend '${name}' is not available: ${reason}`);
  return name;
}
