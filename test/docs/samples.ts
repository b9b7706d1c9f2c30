// The code samples of the documentation. An HTML comment before a fenced block says more about it:
//   <!-- given: handle, socket -->   names that the text around it has introduced
//   <!-- run -->                     a complete program: it is run, and prints what its comments behind console.log say
//   <!-- run: server -->             the same, beside an echo server and a web server on port 8080
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { removeFolder } from '../helpers/folder.ts';

export const root = fileURLToPath(new URL('../../', import.meta.url));
const folder = path.join(root, 'build/doc-samples');

interface Sample {
  readonly page: string;
  /** Line of its first line of code, from 1. */
  readonly line: number;
  readonly code: string;
  readonly given: readonly string[];
  readonly run: 'alone' | 'server' | undefined;
}

const FENCE = /^(?:<!-- *(.+?) *-->\n\n?)?```(?:ts|js)\n([\s\S]*?)^```$/gm;

/** README.md and the pages of docs. */
export const pages = (): string[] => [
  'README.md',
  ...readdirSync(path.join(root, 'docs'))
    .filter((name) => name.endsWith('.md'))
    .map((name) => `docs/${name}`),
];

/** Returns all samples of README.md and docs/. */
export function readSamples(): Sample[] {
  return pages().flatMap((page) => {
    const text = readFileSync(path.join(root, page), 'utf8').replaceAll('\r\n', '\n');
    return [...text.matchAll(FENCE)].map((match) => sampleOf(page, text, match));
  });
}

function sampleOf(page: string, text: string, match: RegExpExecArray): Sample {
  const [block, remarks = '', code = ''] = match;
  const line = text.slice(0, match.index + block.indexOf('```')).split('\n').length + 1;
  const sample = { page, line, code, given: [] as string[], run: undefined as Sample['run'] };
  for (const remark of remarks.split(';')) {
    const [name = '', values = ''] = remark.split(':').map((part) => part.trim());
    if (name === 'given') sample.given = values.split(',').map((value) => value.trim());
    else if (name === 'run') sample.run = values === 'server' ? 'server' : 'alone';
  }
  return sample;
}

/** Names that samples may use without declaring them. */
const DECLARATIONS: Readonly<Record<string, string>> = {
  ActiveXObject: 'declare const ActiveXObject: new (name: string) => any;',
  bytes: 'declare const bytes: Uint8Array;',
  cert: 'declare const cert: string;',
  connection: "declare const connection: import('winwire').WebSocketConnection;",
  key: 'declare const key: string;',
  handle: "declare const handle: import('winwire/sys').WebSocketHandle;",
  Network:
    "interface Network { write(bytes: Buffer): void; readLater(action: import('winwire/sys').WebSocketAction): void }",
  outstanding: "declare const outstanding: import('winwire/sys').WebSocketAction[];",
  passphrase: 'declare const passphrase: string;',
  pfx: 'declare const pfx: Uint8Array;',
  request: "declare const request: import('winwire').WinHttpRequest;",
  response: "declare const response: import('winwire').WinHttpResponse;",
  server: "declare const server: import('node:http').Server;",
  take: "declare function take(action: import('winwire/sys').WebSocketAction): void;",
  socket: "declare const socket: import('node:stream').Duplex;",
};

/** Packages that samples import and this project does not install; their exports are `any`. */
const FOREIGN_PACKAGES = ['express', 'fastify', 'koa'];

/** Writes the samples as TypeScript modules, each line where it is in its page. */
export function writeSamples(samples: readonly Sample[]): void {
  removeFolder(folder);
  mkdirSync(folder, { recursive: true });
  for (const sample of samples) {
    const given = sample.given.map((name) => DECLARATIONS[name] ?? `declare const ${name}: unknown_name;`);
    const before = `${given.join(' ')} export {};${'\n'.repeat(sample.line - 1)}`;
    writeFileSync(path.join(folder, `${nameOf(sample)}.ts`), before + sample.code);
  }
  const settings = {
    extends: '../../tsconfig.json',
    // Many samples are plain JavaScript.
    compilerOptions: {
      noUnusedLocals: false,
      noUnusedParameters: false,
      noImplicitAny: false,
      useUnknownInCatchVariables: false,
    },
    include: ['*.ts'],
  };
  writeFileSync(
    path.join(folder, 'packages.d.ts'),
    FOREIGN_PACKAGES.map((name) => `declare module '${name}';`).join('\n'),
  );
  writeFileSync(path.join(folder, 'tsconfig.json'), JSON.stringify(settings));
}

/** Returns the errors of tsc by page and line. */
export function explain(output: string): string[] {
  const lines = output.split('\n').filter((line) => line.includes('error TS'));
  return lines.map((line) => line.replace(/^.*?([^/\\]+)@\d+\.ts\((\d+),/, (_, name, at) => `${pageOf(name)}:${at} (`));
}

/** Writes a sample as a program with another port; returns its file. */
export function writeProgram(sample: Sample, port: number): string {
  mkdirSync(folder, { recursive: true });
  const file = path.join(folder, `${nameOf(sample)}.run.ts`);
  writeFileSync(file, sample.code.replaceAll('8080', String(port)));
  return file;
}

/** Returns the expected output in the comments after console.log. */
export function expectedOutput({ code }: Pick<Sample, 'code'>): string[] {
  return [...code.matchAll(/console\.log\(.*\/\/ (.+)$/gm)].map(([, text = '']) => text);
}

/** Returns links to missing files of the project. */
export function deadLinks(): string[] {
  return pages().flatMap((page) => {
    const text = readFileSync(path.join(root, page), 'utf8');
    const targets = [...text.matchAll(/\]\((?!https?:|mailto:)([^)#\s]*)(#[^)\s]*)?\)/g)];
    return targets.flatMap(([, file = '', anchor = '']) => {
      const target = file === '' ? page : path.posix.join(path.posix.dirname(page), file);
      if (!existsSync(path.join(root, target))) return [`${page}: ${target}`];
      return anchor === '' || anchorsOf(target).has(anchor.slice(1)) ? [] : [`${page}: ${target}${anchor}`];
    });
  });
}

/** Returns the anchors that GitHub creates for headings. */
function anchorsOf(page: string): Set<string> {
  const text = readFileSync(path.join(root, page), 'utf8').replace(/^```[\s\S]*?^```$/gm, '');
  const headings = [...text.matchAll(/^#{1,6} (.+)$/gm)].map(([, heading = '']) => heading);
  return new Set(
    headings.map((heading) =>
      heading
        .toLowerCase()
        .replace(/[^\p{L}\p{N} _-]/gu, '')
        .replaceAll(' ', '-'),
    ),
  );
}

const nameOf = ({ page, line }: Sample): string => `${page.replace('/', '+')}@${line}`;
const pageOf = (name: string): string => name.replace('+', '/');
