#!/usr/bin/env node
import { run } from './run.ts';

// Commands import modules of the package directly, not the entries, which load the log.
if (process.env.NODE_DEBUG !== undefined) await import('../diagnostics/debug-log.ts');

process.exitCode = await run(process.argv.slice(2));
