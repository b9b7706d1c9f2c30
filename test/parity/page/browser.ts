// Opens a page in headless Chromium, if installed: evaluates a script, and takes a screenshot.
import { execFile } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { makeFolder, removeFolder } from '../../helpers/folder.ts';

const PROGRAM = '/usr/bin/chromium';

// Under Wine the file exists too, but Windows cannot run it.
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

/** Runs the browser with temporary files; resolves to its standard output. */
async function browse(files: Readonly<Record<string, string>>, open: string, args: readonly string[]): Promise<string> {
  const folder = makeFolder('page');
  try {
    for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
    const url = pathToFileURL(join(folder, open)).href;
    const own = [`--user-data-dir=${join(folder, 'profile')}`, ...args, url];
    const { stdout } = await promisify(execFile)(PROGRAM, [...FLAGS, ...own], { maxBuffer: 2 ** 28, timeout: 60_000 });
    return stdout;
  } finally {
    removeFolder(folder);
  }
}

const schemeFlags = (dark = false) => (dark ? ['--blink-settings=preferredColorScheme=0'] : []);

/**
 * Evaluates an expression in the page, which is in a frame, because a window is at least 500 pixels wide. The value
 * must be JSON.
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

/** Returns a screenshot of the page as PNG. */
export async function screenshot(page: string, { width, height, dark }: View): Promise<Buffer> {
  const folder = makeFolder('screenshot');
  try {
    const file = join(folder, 'page.png');
    const size = `--window-size=${width},${height}`;
    await browse({ 'page.html': page }, 'page.html', [`--screenshot=${file}`, size, ...schemeFlags(dark)]);
    return readFileSync(file);
  } finally {
    removeFolder(folder);
  }
}
