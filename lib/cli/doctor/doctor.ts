/** `winwire doctor`. */
import type { BackendName } from '../../backend.ts';
import { Exit, ExitCode } from '../exit.ts';
import { interruptible } from '../interrupt.ts';
import type { DoctorReport } from './doctor-report.ts';
import { render } from './render.ts';
import { lookAround } from './surroundings.ts';

/** As the parser gives them. Times are milliseconds. */
export interface DoctorOptions {
  readonly subprotocol?: readonly string[];
  readonly maxTime?: number;
  readonly json?: boolean;
  readonly backend?: BackendName;
}

const DEFAULT_LIMIT = 30_000;

/** Resolves if nothing is wrong. */
export async function doctor(url: string | undefined, options: DoctorOptions): Promise<void> {
  const report = await interruptible((interrupt) => inspect(url, options, interrupt));
  process.stdout.write(options.json ? `${JSON.stringify(report, null, 2)}\n` : render(report));
  if (!report.ok) throw new Exit(ExitCode.FAILURE);
}

async function inspect(
  url: string | undefined,
  { backend, subprotocol = [], maxTime = DEFAULT_LIMIT }: DoctorOptions,
  interrupt: AbortSignal,
): Promise<DoctorReport> {
  const problems: string[] = [];
  const problem = (text: string) => void problems.push(text);
  const surroundings = await lookAround(backend, problem);
  const report = { surroundings, url: undefined };
  const { backend: chosen, addon } = surroundings;
  if (url === undefined || chosen === undefined || addon.file === undefined)
    return { ok: problems.length === 0, problems, ...report };
  const { examine } = await import('./examine.ts');
  const examined = await examine({
    url,
    backend: chosen,
    subprotocols: subprotocol,
    limit: maxTime,
    interrupt,
    problem,
  });
  return { ok: problems.length === 0, problems, surroundings, url: examined };
}
