// Shared by the comparisons: their options, and the report on the terminal and as a page.
import { writeFileSync } from 'node:fs';
import { compareSubjects, renderHtml, renderText, type Scenario, type SubjectLike } from 'winwire/parity';
import type { CommandLine, Terminal, Values } from '../lib/command-line.ts';

export const options = {
  left: { type: 'string', choices: ['portable', 'system'], default: 'portable', help: 'the reference' },
  html: { type: 'string', help: 'write the report to this file, as a page' },
} as const satisfies CommandLine['options'];

interface Comparison {
  readonly right: SubjectLike;
  readonly scenarios: readonly Scenario[];
}

export async function compare(
  { right, scenarios }: Comparison,
  { left, html }: Values<{ usage: ''; about: ''; options: typeof options }>,
  { stdout }: Terminal,
): Promise<void> {
  const report = await compareSubjects({ left, right, scenarios });
  const isPlain = !stdout.isTTY || Boolean(process.env.NO_COLOR);
  stdout.write(renderText(report, { verbose: true, color: !isPlain, width: stdout.columns ?? 0 }));
  if (html !== undefined) writeFileSync(html, renderHtml(report));
}
