/** The request object of the backend `system`: COM's own. */
import { BackendUnavailableError } from '../errors.ts';
import type { CreateRequestObject, ExecuteRequest } from '../winhttp/request-object.ts';

const REASON = 'the COM object WinHttp.WinHttpRequest.5.1 is not served by this build';

export const createSystemObject: CreateRequestObject = () =>
  Promise.reject(new BackendUnavailableError('system', REASON));

export const executeSystem: ExecuteRequest = () => {
  throw new BackendUnavailableError('system', REASON);
};
