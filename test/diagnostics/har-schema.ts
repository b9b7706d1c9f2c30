// The published JSON schema of HAR 1.2.
import { createRequire } from 'node:module';
import Ajv from 'ajv';
import addFormats from 'ajv-formats';

const require = createRequire(import.meta.url);

const ajv = addFormats.default(new Ajv.Ajv({ strict: false, allErrors: true }));
ajv.addMetaSchema(require('ajv/dist/refs/json-schema-draft-06.json'));
for (const schema of Object.values(require('har-schema'))) ajv.addSchema(schema as object);

/** Returns the errors of a file, or of an entry. */
export function schemaErrors(schema: 'har.json#' | 'entry.json#', value: unknown): unknown[] {
  return ajv.validate(schema, value) ? [] : (ajv.errors ?? []);
}
