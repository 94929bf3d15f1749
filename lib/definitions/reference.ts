/** Generates the tables of keys in `docs/definitions.md` from the descriptions in the schema. */
import { jsonSchema } from './json-schema';

/** The page that contains the tables, relative to the repository. A test fails if a table differs from the schema. */
export const REFERENCE_FILE = 'docs/definitions.md';

/**
 * The page with every table generated again. A table is between `<!-- keys of Role.lease -->` and `<!-- end -->`; the
 * path names a mapping of the schema, with `*` for a name of the user's choice and `[]` for the items of a list.
 * @throws Error for a path that is not in the schema
 */
export function withKeyTables(page: string): string {
  const schema: Schema = jsonSchema();
  return page.replaceAll(
    /(<!-- keys of (\S+) -->\n)[\s\S]*?(<!-- end -->)/g,
    (_, start: string, path: string, end: string) => {
      const rows = keyRows(schemaAt(schema, path));
      return `${start}\n${['| key | meaning |', '| --- | --- |', ...rows].join('\n')}\n\n${end}`;
    },
  );
}

/** The parts of a JSON Schema that are used here. */
interface Schema {
  readonly const?: unknown;
  readonly description?: string;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly additionalProperties?: Schema | boolean;
  readonly items?: Schema;
  readonly anyOf?: readonly Schema[];
  readonly oneOf?: readonly Schema[];
}

function schemaAt(root: Schema, path: string): Schema {
  const [kind = '', ...steps] = path.split('.');
  const start = root.oneOf?.find(({ properties }) => properties?.kind?.const === kind);
  const found = steps.reduce<Schema | undefined>(step, start);
  if (found === undefined) throw new Error(`The schema has no ${path}.`);
  return found;
}

function step(schema: Schema | undefined, name: string): Schema | undefined {
  if (name === '*') return typeof schema?.additionalProperties === 'object' ? schema.additionalProperties : undefined;
  const isList = name.endsWith('[]');
  const property = schema?.properties?.[isList ? name.slice(0, -2) : name];
  return isList ? property?.items : property;
}

function keyRows(schema: Schema): readonly string[] {
  // The alternatives of a union differ in the constant value of their first key.
  if (schema.properties === undefined) {
    return (schema.oneOf ?? []).flatMap((alternative) => {
      const [[key, chosen] = ['', {}], ...keys] = Object.entries(alternative.properties ?? {});
      const sentence = chosen.description ?? alternative.description;
      return [row(`${key}: ${chosen.const}`, sentence), ...rowsOf(Object.fromEntries(keys))];
    });
  }
  return rowsOf(schema.properties);
}

function rowsOf(properties: Readonly<Record<string, Schema>>): readonly string[] {
  return Object.entries(properties).map(([key, { description }]) => row(key, description));
}

function row(key: string, sentence = ''): string {
  return `| \`${key}\` | ${sentence.replaceAll('|', '\\|')} |`;
}
