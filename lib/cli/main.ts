#!/usr/bin/env node
import { run } from './run.ts';

// What a command uses of the package is not behind its entries, which load the log.
if (process.env.NODE_DEBUG !== undefined) await import('../diagnostics/debug-log.ts');

process.exitCode = await run(process.argv.slice(2));
