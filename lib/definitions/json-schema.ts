/** The JSON Schema of the YAML, for editors: completion, hover texts, and squiggles before anything is run. */
import * as z from 'zod';
import { brokerSchema } from './schema-broker';
import { principalSchema } from './schema-principal';
import { projectSchema } from './schema-project';
import { roleSchema } from './schema-role';

/** Where the schema is kept, relative to the repository. A test fails when that file is not what this room generates. */
export const JSON_SCHEMA_FILE = 'docs/schema/leasehold.schema.json';

/** The JSON Schema (draft 7, which editors read best) of a document of any kind. Every key has its sentence. */
export function jsonSchema(): object {
  const schema = z.toJSONSchema(
    z.discriminatedUnion('kind', [projectSchema, roleSchema, brokerSchema, principalSchema]),
    {
      target: 'draft-7',
      io: 'input',
    },
  );
  const { $schema, ...rest } = schema;
  return { $schema, title: 'Leasehold definitions', ...rest };
}

/** The schema as it is committed. */
export function jsonSchemaText(): string {
  return `${JSON.stringify(jsonSchema(), null, 2)}\n`;
}
