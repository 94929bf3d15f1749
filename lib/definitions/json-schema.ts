/** The JSON Schema of the YAML for editors: completion, hover texts, and error markers while editing. */
import * as z from 'zod';
import { brokerSchema } from './schema-broker';
import { principalSchema } from './schema-principal';
import { projectSchema } from './schema-project';
import { roleSchema } from './schema-role';

/** Path of the schema, relative to the repository. A test fails if the file differs from the generated schema. */
export const JSON_SCHEMA_FILE = 'docs/schema/leasehold.schema.json';

/** The JSON Schema (draft 7, which editors support best) of a document of any kind. Every key has a description. */
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

/** The schema as committed. */
export function jsonSchemaText(): string {
  return `${JSON.stringify(jsonSchema(), null, 2)}\n`;
}
