// A page in headless Chromium, where there is one: what a script that is added to it finds, and what it looks like.
import { execFile } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';

const PROGRAM = '/usr/bin/chromium';

// Under Wine the file is there too, as one that Windows cannot run.
export const hasBrowser = process.platform === 'linux' && existsSync(PROGRAM);

const FLAGS = [
  ...['--headless', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--hide-scrollbars'],
  ...['--disable-background-networking', '--disable-component-update', '--disable-sync', '--virtual-time-budget=5000'],
];

interface View {
  readonly width: number;
  readonly height: number;
  readonly dark?: boolean;
}

/** Runs the browser over files that are gone afterwards; resolves to its standard output. */
async function browse(files: Readonly<Record<string, string>>, open: string, args: readonly string[]): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'winwire-page-'));
  try {
    for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
    const url = pathToFileURL(join(folder, open)).href;
    const own = [`--user-data-dir=${join(folder, 'profile')}`, ...args, url];
    const { stdout } = await promisify(execFile)(PROGRAM, [...FLAGS, ...own], { maxBuffer: 2 ** 28, timeout: 60_000 });
    return stdout;
  } finally {
    rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
  }
}

const schemeFlags = (dark = false) => (dark ? ['--blink-settings=preferredColorScheme=0'] : []);

/**
 * Evaluates an expression in the page, which stands in a frame: a window of its own is never narrower than 500 pixels.
 * The value must be JSON.
 */
export async function evaluate(page: string, expression: string, { width, height, dark }: View): Promise<unknown> {
  const report = `<script>addEventListener('load', () => parent.postMessage(${expression}, '*'))</script>`;
  const frame = `<!doctype html><body><script>onmessage = (event) => { document.body.dataset.value = JSON.stringify(event.data); };</script>
<iframe src="page.html" style="border:0;width:${width}px;height:${height}px"></iframe>`;
  const files = { 'page.html': page.replace('</body>', `${report}</body>`), 'frame.html': frame };
  const dom = await browse(files, 'frame.html', ['--dump-dom', ...schemeFlags(dark)]);
  const value = /data-value="([^"]*)"/.exec(dom)?.[1];
  if (value === undefined) throw new Error('the page told nothing');
  return JSON.parse(
    value.replaceAll('&quot;', '"').replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&'),
  );
}

/** A picture of the page as PNG. */
export async function screenshot(page: string, { width, height, dark }: View): Promise<Buffer> {
  const folder = mkdtempSync(join(tmpdir(), 'winwire-screenshot-'));
  try {
    const file = join(folder, 'page.png');
    const size = `--window-size=${width},${height}`;
    await browse({ 'page.html': page }, 'page.html', [`--screenshot=${file}`, size, ...schemeFlags(dark)]);
    return readFileSync(file);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
