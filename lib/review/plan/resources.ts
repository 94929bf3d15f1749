/** Reads the resource instances of a plan. Only the fields that identify an instance are parsed. */
import { defined } from '@leasehold/contract/defined';
import { SHOW } from './bytes';
import { brief, PlanError } from './error';
import type { JsonReader, Span } from './json-reader';
import {
  type Action,
  type Change,
  type Instance,
  isJson,
  own,
  type ResourceChange,
  type StateResource,
  textOf,
} from './plan';

/** Reads an element of `resource_changes`. The change itself is parsed on demand. */
export function readResourceChange(reader: JsonReader, path: string): ResourceChange {
  let span: Span | undefined;
  let actions: unknown;
  const fields = readFields(reader, path, (key) => {
    if (key !== 'change') return;
    const start = reader.offset;
    reader.object((part) => {
      if (part === 'actions') actions = reader.take();
    });
    span = { start, end: reader.offset };
  });
  if (span === undefined) throw wrong(path, 'a resource change with its change', undefined);
  const change = span;
  const previousAddress = textOf(fields.previous_address);
  const deposed = textOf(fields.deposed);
  return {
    ...instanceOf(fields, path),
    module: textOf(fields.module_address) ?? '',
    ...defined({ previousAddress, deposed }),
    path,
    actions: readActions(actions, `${path}/change`),
    change: () => readChange(reader.parse(change), `${path}/change`),
  };
}

/**
 * Reads the resources of a module in `prior_state` and of its child modules, except those whose addresses are in
 * `known`.
 */
export function readStateModule(
  reader: JsonReader,
  path: string,
  module: string,
  into: StateResource[],
  known: ReadonlySet<string>,
): void {
  let address = module;
  const first = into.length;
  reader.object((key) => {
    if (key === 'address') address = textOf(reader.take()) ?? address;
    else if (key === 'resources') {
      reader.list((index) => {
        const resource = readStateResource(reader, `${path}/resources/${index}`, known);
        if (resource !== undefined) into.push(resource);
      });
    } else if (key === 'child_modules') {
      reader.list((index) => readStateModule(reader, `${path}/child_modules/${index}`, address, into, known));
    }
  });
  // The module's address may appear after its resources.
  for (let index = first; index < into.length; index += 1) {
    const resource = into[index];
    if (resource?.module === UNPLACED) into[index] = { ...resource, module: address };
  }
}

const UNPLACED = '\u0000';

function readStateResource(reader: JsonReader, path: string, known: ReadonlySet<string>): StateResource | undefined {
  let values: Span | undefined;
  let sensitive: Span | undefined;
  const fields = readFields(reader, path, (key, { address }) => {
    if (typeof address === 'string' && known.has(address)) return;
    if (key === 'values') values = reader.skip();
    else if (key === 'sensitive_values') sensitive = reader.skip();
  });
  // Deposed objects are listed in the changes.
  if (fields.deposed_key !== undefined) return undefined;
  if (typeof fields.address === 'string' && known.has(fields.address)) return undefined;
  const [shown, hidden] = [values, sensitive];
  return {
    ...instanceOf(fields, path),
    module: UNPLACED,
    path,
    values: () => ({
      values: shown === undefined ? {} : reader.parse(shown),
      sensitive: hidden === undefined ? {} : reader.parse(hidden),
    }),
  };
}

/** Parses the change in an element of `resource_changes` or `output_changes`. */
export function readChange(value: unknown, path: string): Change {
  return {
    actions: readActions(own(value, 'actions'), path),
    before: own(value, 'before') ?? null,
    after: own(value, 'after') ?? null,
    afterUnknown: own(value, 'after_unknown') ?? false,
    beforeSensitive: own(value, 'before_sensitive') ?? false,
    afterSensitive: own(value, 'after_sensitive') ?? false,
    imported: own(value, 'importing') != null,
  };
}

function readActions(actions: unknown, path: string): readonly Action[] {
  if (!Array.isArray(actions) || actions.length === 0) throw wrong(`${path}/actions`, 'a list of actions', actions);
  for (const action of actions) {
    if (!ACTIONS.includes(action)) throw wrong(`${path}/actions`, `actions out of ${ACTIONS.join(', ')}`, actions);
  }
  return actions as Action[];
}

const ACTIONS: readonly unknown[] = ['no-op', 'create', 'read', 'update', 'delete', 'forget'] satisfies Action[];

/** The fields that identify a resource instance. */
interface Fields {
  address?: unknown;
  previous_address?: unknown;
  module_address?: unknown;
  mode?: unknown;
  type?: unknown;
  name?: unknown;
  index?: unknown;
  provider_name?: unknown;
  deposed?: unknown;
  deposed_key?: unknown;
}

const FIELDS: ReadonlySet<string> = new Set([
  'address',
  'previous_address',
  'module_address',
  'mode',
  'type',
  'name',
  'index',
  'provider_name',
  'deposed',
  'deposed_key',
] satisfies (keyof Fields)[]);

function readFields(reader: JsonReader, path: string, other: (key: string, fields: Fields) => void): Fields {
  const fields: Fields = {};
  if (reader.next !== 'object') throw wrong(path, 'an object', reader.take());
  reader.object((key) => {
    if (FIELDS.has(key)) fields[key as keyof Fields] = reader.take();
    else other(key, fields);
  });
  return fields;
}

function instanceOf(fields: Fields, path: string): Omit<Instance, 'module'> {
  const text = (key: keyof Fields) => {
    const value = fields[key];
    if (typeof value !== 'string') throw wrong(`${path}/${key}`, 'a text', value);
    return value;
  };
  const { mode, index } = fields;
  if (mode !== 'managed' && mode !== 'data') throw wrong(`${path}/mode`, '"managed" or "data"', mode);
  return {
    address: text('address'),
    mode,
    type: text('type'),
    name: text('name'),
    provider: text('provider_name'),
    ...(typeof index === 'string' || typeof index === 'number' ? { index } : {}),
  };
}

function wrong(path: string, expected: string, got: unknown): PlanError {
  const message = `expected ${expected}, got ${brief(isJson(got) ? Object.keys(got) : got)}`;
  return new PlanError({ code: 'wrong-shape', path, message, hint: SHOW });
}
