// Options that a command removes from the arguments of another program.
import { Stop } from './run.mjs';

/** Removes `--NAME VALUE` or `--NAME=VALUE` from arguments; the rest goes to another program. */
export function takeOption(args, name) {
  const index = args.findIndex((arg) => arg === `--${name}` || arg.startsWith(`--${name}=`));
  if (index === -1) return { value: undefined, rest: args };
  const isApart = args[index] === `--${name}`;
  const value = isApart ? args[index + 1] : args[index].slice(`--${name}=`.length);
  if (!value) throw new Stop(`--${name} needs a value`);
  return { value, rest: args.toSpliced(index, isApart ? 2 : 1) };
}
