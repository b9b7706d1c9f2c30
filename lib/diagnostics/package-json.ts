/** The package's own package.json, which is two folders up in lib and in dist. */
import { createRequire } from 'node:module';

interface PackageJson {
  readonly version: string;
  readonly description: string;
}

const file = '../../package.json';

export const packageJson = createRequire(import.meta.url)(file) as PackageJson;
