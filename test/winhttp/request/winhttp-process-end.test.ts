// RQ-236 under a checker of memory, which takes longer than a statement may:
//   WINWIRE_CHECKER='valgrind --quiet --error-exitcode=99' npm test -- winhttp-process-end
import { afterEach, beforeEach, describe, test } from 'vitest';
import { RequestContext } from '../../conformance/winhttp/context.ts';
import { CHECKER, endsWell, WAYS } from '../../conformance/winhttp/process-end.ts';
import { lanes } from '../../conformance/winhttp/registry.ts';

describe.each(lanes)('the process ends during a request on $backend', (lane) => {
  let t: RequestContext;
  beforeEach(() => {
    t = new RequestContext(lane);
  });
  afterEach(() => t.dispose());

  for (const way of WAYS) test.runIf(CHECKER.length > 0)(way, { timeout: 600_000 }, () => endsWell(t, way));
});
