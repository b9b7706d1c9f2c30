/** The package's own package.json, found by its name: lib and dist are not equally deep. */
import { createRequire } from 'node:module';

interface PackageJson {
  readonly version: string;
  readonly description: string;
}

const file = 'winwire/package.json';

export const packageJson = createRequire(import.meta.url)(file) as PackageJson;
