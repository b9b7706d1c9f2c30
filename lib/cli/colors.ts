/** Colours for stdout and stderr, off with NO_COLOR and if the stream is not a terminal. */
import { Command } from 'commander';
import pc from 'picocolors';

// Commander's rule, so that help texts and other output agree.
const { getOutHasColors, getErrHasColors } = new Command().configureOutput();

type Colors = ReturnType<typeof pc.createColors>;

export const colors: Colors = pc.createColors(getOutHasColors?.() ?? false);
export const errorColors: Colors = pc.createColors(getErrHasColors?.() ?? false);
