/**
 * Writes the files that are generated from the schema: the JSON Schema for editors, and the tables of keys in the
 * reference page. Run this script after a change of the schema: `npx tsx lib/definitions/write-schema.ts`.
 */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { JSON_SCHEMA_FILE, jsonSchemaText } from './json-schema';
import { REFERENCE_FILE, withKeyTables } from './reference';

/** @param root root folder of the repository */
export function writeSchema(root: string): void {
  const schema = resolve(root, JSON_SCHEMA_FILE);
  mkdirSync(dirname(schema), { recursive: true });
  writeFileSync(schema, jsonSchemaText());
  const reference = resolve(root, REFERENCE_FILE);
  writeFileSync(reference, withKeyTables(readFileSync(reference, 'utf8')));
}

if (require.main === module) writeSchema(resolve(__dirname, '../..'));
