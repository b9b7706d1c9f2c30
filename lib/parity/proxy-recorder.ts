/** Records look-ups of proxies. */
import type { ProxyStageSetting } from './proxy-stage.ts';
import type { Subject } from './subject.ts';
import { failureOf, type TraceRecorder } from './trace-recorder.ts';

/** Returns the environment of a stage whose look-ups and scripts are recorded. */
export function recordResolver(subject: Subject, recorder: TraceRecorder): ProxyStageSetting {
  return {
    async resolve(url, from, signal) {
      const shown = 'pac' in from ? { pac: recorder.stable(String(from.pac)) } : from;
      const end = recorder.begin({ kind: 'call', actor: 'resolver', name: 'resolveProxy', args: { url, ...shown } });
      try {
        if (subject.resolveProxy === undefined) throw new Error(`${subject.name} offers no resolveProxy`);
        const routes = routesOf(await subject.resolveProxy(url, { from, signal }));
        end({ status: 'returned', value: routes });
        return routes;
      } catch (error) {
        end(failureOf(error, (text) => recorder.stable(text)));
        throw error;
      }
    },
    onScript(url, script, serving) {
      recorder.substitute(url, `<${recorder.nameOf(url, 'script')}>`);
      recorder.add({
        kind: 'observation',
        actor: 'script',
        name: 'PAC script',
        args: {},
        outcome: { status: 'returned', value: Object.keys(serving).length === 0 ? script : { script, ...serving } },
      });
    },
  };
}

/** Resolutions and answers of scripts are the same text. */
function routesOf(answer: unknown): string[] {
  return String(answer)
    .split(';')
    .map((route) => route.trim())
    .filter((route) => route !== '');
}
