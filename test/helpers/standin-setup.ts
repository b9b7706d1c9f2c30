// For the runs over the stand-in: before the package makes its first thread.
import { activateStandin } from './standin.ts';

activateStandin();
