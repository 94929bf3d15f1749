/** The resource instances of a plan, read so far as to know which they are. */
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

/** A member of `resource_changes`. The change itself is parsed when it is asked for. */
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
  const previousAddress = textOf(fields.get('previous_address'));
  const deposed = textOf(fields.get('deposed'));
  return {
    ...instanceOf(fields, path),
    module: textOf(fields.get('module_address')) ?? '',
    ...(previousAddress === undefined ? {} : { previousAddress }),
    ...(deposed === undefined ? {} : { deposed }),
    path,
    actions: readActions(actions, `${path}/change`),
    change: () => readChange(reader.parse(change), `${path}/change`),
  };
}

/** The resources of a module of `prior_state`, and of the modules in it. */
export function readStateModule(reader: JsonReader, path: string, module: string, into: StateResource[]): void {
  let address = module;
  const first = into.length;
  reader.object((key) => {
    if (key === 'address') address = textOf(reader.take()) ?? address;
    else if (key === 'resources') {
      reader.list((index) => {
        const resource = readStateResource(reader, `${path}/resources/${index}`);
        if (resource !== undefined) into.push(resource);
      });
    } else if (key === 'child_modules') {
      reader.list((index) => readStateModule(reader, `${path}/child_modules/${index}`, address, into));
    }
  });
  // The address of a module may stand behind its resources.
  for (let index = first; index < into.length; index += 1) {
    const resource = into[index];
    if (resource?.module === UNPLACED) into[index] = { ...resource, module: address };
  }
}

const UNPLACED = '\u0000';

function readStateResource(reader: JsonReader, path: string): StateResource | undefined {
  let values: Span | undefined;
  let sensitive: Span | undefined;
  const fields = readFields(reader, path, (key) => {
    if (key === 'values') values = reader.skip();
    else if (key === 'sensitive_values') sensitive = reader.skip();
  });
  // What an earlier apply left over is spoken of in the changes.
  if (fields.has('deposed_key')) return undefined;
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

/** The change that stands in a member of `resource_changes`, or of `output_changes`. */
export function readChange(value: unknown, path: string): Change {
  return {
    actions: readActions(own(value, 'actions'), path),
    before: own(value, 'before') ?? null,
    after: own(value, 'after') ?? null,
    afterUnknown: own(value, 'after_unknown') ?? false,
    beforeSensitive: own(value, 'before_sensitive') ?? false,
    afterSensitive: own(value, 'after_sensitive') ?? false,
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

const FIELDS = [
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
];

function readFields(reader: JsonReader, path: string, other: (key: string) => void): Map<string, unknown> {
  const fields = new Map<string, unknown>();
  if (reader.next !== 'object') throw wrong(path, 'an object', reader.take());
  reader.object((key) => {
    if (FIELDS.includes(key)) fields.set(key, reader.take());
    else other(key);
  });
  return fields;
}

function instanceOf(fields: ReadonlyMap<string, unknown>, path: string): Omit<Instance, 'module'> {
  const text = (key: string) => {
    const value = fields.get(key);
    if (typeof value !== 'string') throw wrong(`${path}/${key}`, 'a text', value);
    return value;
  };
  const mode = fields.get('mode');
  if (mode !== 'managed' && mode !== 'data') throw wrong(`${path}/mode`, '"managed" or "data"', mode);
  const index = fields.get('index');
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
  return new PlanError({ code: 'wrong-shape', path, message, mend: SHOW });
}
