/** The fields of a head, one character per byte. */
import { withoutBlanks } from './blanks.ts';

export class MessageHead {
  /** Names and values in turn, in the received order and spelling. */
  readonly raw: readonly string[];

  constructor(raw: readonly string[]) {
    this.raw = raw;
  }

  /** Returns the values of all fields with this name, given in lower case. */
  all(name: string): string[] {
    const values: string[] = [];
    for (let index = 0; index + 1 < this.raw.length; index += 2) {
      if (this.#isNamed(index, name)) values.push(this.raw[index + 1] as string);
    }
    return values;
  }

  /** Returns the value of the first field with this name, given in lower case. */
  first(name: string): string | undefined {
    for (let index = 0; index + 1 < this.raw.length; index += 2) {
      if (this.#isNamed(index, name)) return this.raw[index + 1];
    }
    return undefined;
  }

  /** Returns the elements of a list field in lower case (RFC 9110 section 5.6.1). */
  list(name: string): string[] {
    const elements: string[] = [];
    for (const value of this.all(name)) {
      for (const part of value.toLowerCase().split(',')) {
        const element = withoutBlanks(part);
        if (element !== '') elements.push(element);
      }
    }
    return elements;
  }

  /** Compares lengths first, which skips most fields. */
  #isNamed(index: number, name: string): boolean {
    const candidate = this.raw[index] as string;
    return candidate.length === name.length && candidate.toLowerCase() === name;
  }
}
