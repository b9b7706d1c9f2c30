/** `winwire doctor`. */
import type { CredentialSource } from '../../auth/auth-types.ts';
import type { BackendName } from '../../backend.ts';
import { Exit, ExitCode } from '../exit.ts';
import { interruptible } from '../interrupt.ts';
import { type ProxyOptions, proxySourceOf } from '../proxy-options.ts';
import { withScheme } from '../typed-url.ts';
import { proxyCredentialsOf, type UpstreamOptions } from '../upstream-options.ts';
import type { DoctorReport, InstallReport } from './doctor-report.ts';
import { render } from './render.ts';
import { describeSurroundings } from './surroundings.ts';

/** The parsed options. Times are milliseconds. */
export interface DoctorOptions extends ProxyOptions, UpstreamOptions {
  readonly subprotocol?: readonly string[];
  readonly maxTime?: number;
  readonly json?: boolean;
  /** Whether to show what `install()` reaches. */
  readonly install?: boolean;
  readonly backend?: BackendName;
}

const DEFAULT_LIMIT = 30_000;

/** Resolves if there are no problems. */
export async function doctor(url: string | undefined, options: DoctorOptions): Promise<void> {
  const proxyCredentials = await proxyCredentialsOf(options);
  const report = await interruptible((interrupt) => inspect(url, options, proxyCredentials, interrupt));
  process.stdout.write(options.json ? `${JSON.stringify(report, null, 2)}\n` : render(report));
  if (!report.ok) throw new Exit(ExitCode.FAILURE);
}

async function inspect(
  url: string | undefined,
  options: DoctorOptions,
  proxyCredentials: CredentialSource | undefined,
  interrupt: AbortSignal,
): Promise<DoctorReport> {
  const { backend, subprotocol = [], maxTime = DEFAULT_LIMIT } = options;
  const source = proxySourceOf(options);
  const problems: string[] = [];
  const problem = (text: string) => void problems.push(text);
  const surroundings = await describeSurroundings(backend, problem);
  const install = options.install ? { install: await probe() } : {};
  const report = { surroundings, url: undefined, ...install };
  const { backend: chosen, addon } = surroundings;
  if (url === undefined || chosen === undefined || addon.file === undefined)
    return { ok: problems.length === 0, problems, ...report };
  const { examine } = await import('./examine.ts');
  const examined = await examine({
    url: withScheme(url, 'http'),
    backend: chosen,
    subprotocols: subprotocol,
    source,
    proxyCredentials,
    limit: maxTime,
    interrupt,
    problem,
  });
  return { ok: problems.length === 0, problems, surroundings, url: examined, ...install };
}

async function probe(): Promise<InstallReport> {
  const { probeInstall } = await import('./probe-install.ts');
  return probeInstall(process.cwd());
}
