/** Every file of a service is registered and documented, and every action that its table names is one of AWS's. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ServiceMapping } from '../../../lib/sandbox/service-mapping';
import { SERVICE_MAPPINGS } from '../../../lib/sandbox/services';
import type { ServiceTable } from '../../../lib/sandbox/services/common/table';
import { catalogue } from './support/rows';

const FOLDER = join(__dirname, '../../../lib/sandbox/services');
/** What the services share, and their registry. */
const NO_SERVICES = ['common', 'index.ts'];
const FILES = readdirSync(FOLDER).filter((file) => !NO_SERVICES.includes(file));

/** What the file of a service exports: `SNS`, its mapping, and `SNS_TABLE`, its table, where it is one. */
const SERVICES = FILES.map((file) => {
  const name = file.replace(/\.ts$/, '');
  const constant = name.toUpperCase().replaceAll('-', '_');
  const module = require(join(FOLDER, name)) as Readonly<Record<string, unknown>>;
  return {
    file,
    mapping: module[constant] as ServiceMapping | undefined,
    table: module[`${constant}_TABLE`] as ServiceTable | undefined,
  };
});
const TABLES = SERVICES.flatMap(({ table }) => table ?? []);

describe('The registry of services', () => {
  it.each(SERVICES.map(({ file, mapping }) => [file, mapping] as const))('has that of %s', (_, mapping) => {
    expect(mapping).toBeDefined();
    expect(SERVICE_MAPPINGS).toContain(mapping);
  });

  it('has no other', () => expect(SERVICE_MAPPINGS).toHaveLength(SERVICES.length));

  it('has tables alone, but for the service whose operations are read by hand', () => {
    expect(SERVICES.filter(({ table }) => table === undefined).map(({ file }) => file)).toEqual(['s3']);
  });

  it('is what the page on the sandbox lists, with links to the files', () => {
    const page = readFileSync(join(__dirname, '../../../docs/sandbox.md'), 'utf8');
    const links = [...page.matchAll(/\]\(\.\.\/lib\/sandbox\/services\/([^)/]+)\)/g)].map(([, file]) => file);
    expect(links).toEqual(FILES);
  });
});

/** Operations whose actions have other names; their own tests hold them to the catalogue. */
const OTHERWISE =
  /^(dynamodb:(TransactGetItems|TransactWriteItems|ExecuteStatement|BatchExecuteStatement|ExecuteTransaction))$/;

describe('Tables of services', () => {
  it.each(TABLES.map((table) => [table.prefix, table] as const))('%s names actions of AWS alone', async (_, table) => {
    const known = await catalogue();
    const named = Object.entries(table.rows).flatMap(([operation, row]) =>
      typeof row === 'function' ? [operation] : row.map(({ action }) => action ?? operation),
    );
    const actions = named.map((name) => (name.includes(':') ? name : `${table.prefix}:${name}`));
    const unknown = actions.filter((action) => known.action(action)?.id !== action && !OTHERWISE.test(action));
    expect(unknown).toEqual([]);
  });

  it('each have a name of their own in credential scopes', () => {
    const names = SERVICE_MAPPINGS.flatMap(({ signingNames }) => signingNames);
    expect(new Set(names).size).toBe(names.length);
  });
});
