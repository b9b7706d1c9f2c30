/** The fields of a head, one character per byte. */
import { withoutBlanks } from './blanks.ts';

export class MessageHead {
  /** Names and values in turn, in the received order and spelling. */
  readonly raw: readonly string[];
  #names: readonly string[] | undefined;

  constructor(raw: readonly string[]) {
    this.raw = raw;
  }

  /** Returns the values of all fields with this name, given in lower case. */
  all(name: string): string[] {
    const values: string[] = [];
    const names = this.#lowerNames();
    for (let index = names.indexOf(name); index >= 0; index = names.indexOf(name, index + 1)) {
      values.push(this.raw[index * 2 + 1] as string);
    }
    return values;
  }

  /** Returns the value of the first field with this name, given in lower case. */
  first(name: string): string | undefined {
    const index = this.#lowerNames().indexOf(name);
    return index < 0 ? undefined : this.raw[index * 2 + 1];
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

  /** Once for a head: about ten fields are looked up in each. */
  #lowerNames(): readonly string[] {
    this.#names ??= this.raw.filter((_, index) => index % 2 === 0).map((name) => name.toLowerCase());
    return this.#names;
  }
}
