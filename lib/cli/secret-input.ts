/** Passwords that are asked for, or read from a file or stdin: never from the command line, which other users can see. */
import { readFileSync } from 'node:fs';
import type { ReadStream } from 'node:tty';
import { Exit, ExitCode, usage } from './exit.ts';

/**
 * Returns the first line of a file (`-`: stdin), or asks on the terminal, without echo.
 *
 * @throws {Exit} if there is neither a file nor a terminal, or for Ctrl-C.
 */
export async function readSecret(question: string, file?: string, option?: string): Promise<string> {
  if (file !== undefined) return firstLine(file, option ?? '');
  if (process.stdin.isTTY && process.stderr.isTTY) return askSecret(question, process.stdin);
  const remedy = option === undefined ? 'pass USER:PASSWORD' : `${option} FILE reads it from a file, '-' from stdin`;
  throw usage(`${question} cannot be asked for without a terminal: ${remedy}`);
}

function firstLine(file: string, option: string): string {
  let text: string;
  try {
    text = readFileSync(file === '-' ? 0 : file, 'utf8');
  } catch (error) {
    throw new Exit(ExitCode.FAILURE, `${option}: ${(error as Error).message}`);
  }
  const [line = ''] = text.split(/\r?\n/, 1);
  if (line === '') throw new Exit(ExitCode.FAILURE, `${option}: the first line is empty`);
  return line;
}

const [CTRL_C, CTRL_D, BACKSPACE, DELETE] = ['\x03', '\x04', '\b', '\x7f'];

function askSecret(question: string, terminal: ReadStream): Promise<string> {
  process.stderr.write(`${question}: `);
  terminal.setRawMode(true);
  terminal.setEncoding('utf8').resume();
  return new Promise((resolve, reject) => {
    let characters: string[] = [];
    const finish = (outcome: () => void) => {
      terminal.off('data', onData).setRawMode(false).pause();
      process.stderr.write('\n');
      outcome();
    };
    const onData = (text: string) => {
      for (const character of text) {
        if (character === '\r' || character === '\n') return finish(() => resolve(characters.join('')));
        if (character === CTRL_C || character === CTRL_D) {
          return finish(() => reject(new Exit(ExitCode.INTERRUPTED, 'interrupted')));
        }
        if (character === BACKSPACE || character === DELETE) characters = characters.slice(0, -1);
        else characters.push(character);
      }
    };
    terminal.on('data', onData);
  });
}
