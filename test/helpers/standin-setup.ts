// For the runs with the stand-in: executed before the package starts its first thread.
import { activateStandin } from './standin.ts';

activateStandin();
