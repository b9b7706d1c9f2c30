/** `winwire proxy-for`. */
import { withSignal } from '../../abort-signal.ts';
import type { BackendName } from '../../backend.ts';
import { isArgumentCode } from '../../errors.ts';
import { lookUpProxy } from '../../proxy/proxy-lookup.ts';
import type { ProxyResolution } from '../../proxy/types.ts';
import { colors } from '../colors.ts';
import { errorText } from '../error-text.ts';
import { Exit, ExitCode, usage } from '../exit.ts';
import { withoutControls, withoutUser } from '../format.ts';
import { interruptible } from '../interrupt.ts';
import { type ProxyOptions, proxySourceOf } from '../proxy-options.ts';

/** The parsed options. Times are milliseconds. */
export interface ProxyForOptions extends ProxyOptions {
  readonly explain?: boolean;
  readonly maxTime?: number;
  readonly json?: boolean;
  readonly backend?: BackendName;
}

/** The result for one URL, as `--json` prints it. */
interface Answer extends Partial<Omit<ProxyResolution, 'warnings' | 'toString'>> {
  /** Without user and password. */
  readonly url: string;
  /** The routes as a PAC script writes them. */
  readonly text?: string;
  readonly warnings: readonly Problem[];
  readonly error?: Problem;
  /** With `--explain`: each source, and what it said. */
  readonly asked?: readonly { readonly source: string; readonly answer: string }[];
}

interface Problem {
  readonly code: string;
  readonly message: string;
}

/** Prints the proxies of each URL; fails with exit code 1 if a URL has no answer. */
export async function proxyFor(urls: readonly string[], options: ProxyForOptions): Promise<void> {
  const answers = await interruptible((signal) => Promise.all(urls.map((url) => ask(url, options, signal))));
  process.stdout.write(options.json ? `${JSON.stringify(answers, null, 2)}\n` : render(answers));
  if (answers.some(({ error }) => error)) throw new Exit(ExitCode.FAILURE);
}

async function ask(url: string, options: ProxyForOptions, signal: AbortSignal): Promise<Answer> {
  const { backend, maxTime: timeout, explain } = options;
  const source = proxySourceOf(options);
  if (source === 'direct') throw usage('proxy-for takes no --proxy direct: the answer is known');
  const asked: { source: string; answer: string }[] = [];
  const note = (name: string, answer: string) => void asked.push({ source: name, answer });
  const shown = { url: withoutUser(url), ...(explain && { asked }) };
  try {
    const lookup = lookUpProxy(url, { backend, timeout, from: source }, note);
    const resolution = await withSignal(lookup, signal);
    const { routes, source: namedBy, by, pacUrl, warnings } = resolution;
    const found = { text: String(resolution), routes, source: namedBy, by, ...(pacUrl !== undefined && { pacUrl }) };
    return { ...shown, ...found, warnings: warnings.map(problemOf) };
  } catch (error) {
    signal.throwIfAborted();
    // An invalid URL or option is an invalid command line.
    if (isArgumentCode((error as { code?: unknown }).code)) throw error;
    return { ...shown, warnings: [], error: problemOf(error as Error) };
  }
}

const problemOf = (error: Error): Problem => ({
  code: String((error as { code?: unknown }).code ?? error.name),
  message: errorText(error),
});

/** Renders a table; below each URL: the sources that were asked, the warnings, the error. */
function render(answers: readonly Answer[]): string {
  const rows = answers.map(({ url, text = '–', source = '', by = '' }) => [withoutControls(url), text, source, by]);
  const table = [['URL', 'routes', 'named by', 'found by'], ...rows];
  const widths = [0, 1, 2, 3].map((column) => Math.max(...table.map((row) => row[column]?.length ?? 0)));
  const lines = table.map((row) =>
    row
      .map((cell, i) => cell.padEnd(widths[i] ?? 0))
      .join('  ')
      .trimEnd(),
  );
  const [head = '', ...others] = lines;
  const blocks = answers.map((answer, i) => [others[i] ?? '', ...remarks(answer)]);
  return `${[colors.bold(head), ...blocks.flat()].join('\n')}\n`;
}

const remarks = ({ asked = [], warnings, error }: Answer): string[] => [
  ...asked.map(({ source, answer }) => colors.dim(withoutControls(`  ${source}: ${answer}`))),
  ...warnings.map(({ message }) => colors.yellow(withoutControls(`  warning: ${message}`))),
  ...(error ? [colors.red(withoutControls(`  ✗ ${error.message}`))] : []),
];
