/** The output of a conversation: messages to stdout, everything else to stderr. */
import type { Interface } from 'node:readline';
import { clearLine, cursorTo } from 'node:readline';
import type { Message } from '../../websocket/connection/inbox.ts';
import { colors, errorColors } from '../colors.ts';
import { withoutControls } from '../format.ts';

export class Screen {
  /** Whether the input is a terminal. */
  readonly isInteractive: boolean;
  #prompt: Interface | undefined;

  constructor(isInteractive: boolean) {
    this.isInteractive = isInteractive;
  }

  /** Keeps the typed line below the output. */
  usePrompt(prompt: Interface): void {
    if (this.isInteractive) this.#prompt = prompt;
  }

  /** Prints a received message. Resolves when stdout has accepted it. */
  async message(message: Message): Promise<void> {
    const isText = typeof message === 'string';
    const text = isText ? message : `/binary ${message.toString('hex')}`;
    if (!this.isInteractive) {
      const isFull = !process.stdout.write(`${text}\n`);
      // No listener for errors: if the reader has closed the pipe, run.ts ends the program.
      if (isFull) await new Promise((resolve) => process.stdout.once('drain', resolve));
      return;
    }
    const shown = isText ? colors.green(withoutControls(text)) : colors.yellow(text);
    this.#above(() => process.stdout.write(`${colors.dim('<')} ${shown}\n`));
  }

  /** Prints a note about the connection. */
  note(text: string): void {
    this.#above(() => process.stderr.write(`${errorColors.dim(withoutControls(text))}\n`));
  }

  help(text: string): void {
    this.#above(() => process.stderr.write(text));
  }

  #above(print: () => void): void {
    if (this.#prompt) {
      clearLine(process.stdout, 0);
      cursorTo(process.stdout, 0);
    }
    print();
    this.#prompt?.prompt(true);
  }
}
