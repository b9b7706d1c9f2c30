/** What a conversation prints: messages on stdout, everything else on stderr. */
import type { Interface } from 'node:readline';
import { clearLine, cursorTo } from 'node:readline';
import type { Message } from '../../websocket/connection/inbox.ts';
import { colors, errorColors } from '../colors.ts';
import { withoutControls } from '../format.ts';

export class Screen {
  /** Whether somebody types. */
  readonly isInteractive: boolean;
  #prompt: Interface | undefined;

  constructor(isInteractive: boolean) {
    this.isInteractive = isInteractive;
  }

  /** From now on the line that is being typed stays below what is printed. */
  usePrompt(prompt: Interface): void {
    if (this.isInteractive) this.#prompt = prompt;
  }

  /** A message that has come in. Resolves when stdout has taken it. */
  async message(message: Message): Promise<void> {
    const isText = typeof message === 'string';
    const text = isText ? message : `/binary ${message.toString('hex')}`;
    if (!this.isInteractive) {
      const isFull = !process.stdout.write(`${text}\n`);
      // Without a listener for errors: a reader that has gone ends the program (run.ts).
      if (isFull) await new Promise((resolve) => process.stdout.once('drain', resolve));
      return;
    }
    const shown = isText ? colors.green(withoutControls(text)) : colors.yellow(text);
    this.#above(() => process.stdout.write(`${colors.dim('<')} ${shown}\n`));
  }

  /** Something about the connection. */
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
