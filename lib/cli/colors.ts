/** Colours for stdout and for stderr, off where NO_COLOR says so and where the stream is no terminal. */
import { Command } from 'commander';
import pc from 'picocolors';

// The parser's own rule, so that help texts and everything else agree.
const { getOutHasColors, getErrHasColors } = new Command().configureOutput();

type Colors = ReturnType<typeof pc.createColors>;

export const colors: Colors = pc.createColors(getOutHasColors?.() ?? false);
export const errorColors: Colors = pc.createColors(getErrHasColors?.() ?? false);
