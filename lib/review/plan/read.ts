/** Parses the JSON of a plan. */
import { bytesOf, SHOW } from './bytes';
import { brief, PlanError } from './error';
import { closingQuote, JsonReader, pointerAt } from './json-reader';
import { JsonFault } from './json-scan';
import { isJson, type Json, own, type Plan, type ResourceChange, type StateResource, textOf } from './plan';
import { readChange, readResourceChange, readStateModule } from './resources';
import { refuseOtherThanPlan } from './root';

/**
 * Parses the output of `terraform show -json <plan>` (Terraform 1.5 to 1.14, OpenTofu; plan format 1.x). The entire
 * text is validated. Invalid or truncated JSON, a duplicate key, a state file, a log and a failed plan each cause a
 * {@link PlanError} with the location. Individual resources are parsed on demand.
 */
export function readPlan(text: string | Uint8Array): Plan {
  const bytes = bytesOf(text);
  const reader = new JsonReader(bytes);
  try {
    const root = readRoot(reader);
    // Checked before the end of the text, because a log continues with further lines.
    refuseOtherThanPlan(root.scalars, root.keys);
    reader.finish();
    return toPlan(root);
  } catch (error) {
    if (!(error instanceof JsonFault)) throw error;
    throw asPlanError(error, bytes);
  }
}

interface Root {
  readonly keys: Set<string>;
  /** Top-level values that are small. */
  readonly scalars: Map<string, unknown>;
  readonly changes: ResourceChange[];
  readonly deferred: { change: ResourceChange; reason: string }[];
  readonly prior: StateResource[];
  readonly drift: ResourceChange[];
  readonly actions: string[];
  /** Whether any resource is planned to exist after the plan. */
  planned: boolean;
}

const SMALL = [
  'format_version',
  'terraform_version',
  'errored',
  'complete',
  'output_changes',
  'variables',
  'configuration',
  // These keys show that the text is not a plan.
  'version',
  'lineage',
  '@level',
  '@message',
];

function readRoot(reader: JsonReader): Root {
  const root: Root = {
    keys: new Set(),
    scalars: new Map(),
    changes: [],
    deferred: [],
    prior: [],
    drift: [],
    actions: [],
    planned: false,
  };
  if (reader.next !== 'object') {
    const value = reader.take();
    throw notAPlan(`the text is ${brief(value)}, and a plan is a JSON object`);
  }
  reader.object((key) => {
    root.keys.add(key);
    if (SMALL.includes(key)) root.scalars.set(key, reader.take());
    else if (key === 'resource_changes') {
      list(reader, '/resource_changes', (path) => root.changes.push(readResourceChange(reader, path)));
    } else if (key === 'resource_drift') {
      list(reader, '/resource_drift', (path) => root.drift.push(readResourceChange(reader, path)));
    } else if (key === 'deferred_changes') {
      list(reader, '/deferred_changes', (path) => readDeferred(reader, path, root));
    } else if (key === 'prior_state') readPriorState(reader, root);
    else if (key === 'planned_values') readPlannedValues(reader, root);
    else if (key === 'action_invocations' || key === 'deferred_action_invocations') {
      list(reader, `/${key}`, (path) => root.actions.push(textOf(own(reader.take(), 'address')) ?? path));
    }
  });
  return root;
}

function list(reader: JsonReader, path: string, each: (path: string) => void): void {
  if (reader.next === 'list') reader.list((index) => each(`${path}/${index}`));
  else if (reader.take() !== null) throw wrongShape(path, 'a list');
}

function readDeferred(reader: JsonReader, path: string, root: Root): void {
  let reason = 'unknown';
  let change: ResourceChange | undefined;
  reader.object((key) => {
    if (key === 'reason') reason = textOf(reader.take()) ?? reason;
    else if (key === 'resource_change') change = readResourceChange(reader, `${path}/resource_change`);
  });
  if (change === undefined) throw wrongShape(path, 'a deferred change');
  root.deferred.push({ change, reason });
}

function readPlannedValues(reader: JsonReader, root: Root): void {
  if (reader.next !== 'object') return void reader.take();
  reader.object((key) => {
    if (key !== 'root_module' || reader.next !== 'object') return;
    reader.object((part) => {
      if ((part !== 'resources' && part !== 'child_modules') || reader.next !== 'list') return;
      reader.list(() => {
        root.planned = true;
      });
    });
  });
}

function readPriorState(reader: JsonReader, root: Root): void {
  reader.object((key) => {
    if (key !== 'values') return;
    reader.object((part) => {
      if (part !== 'root_module') return;
      // Terraform writes the changes first, so resources that have a change are skipped here.
      const known = new Set(root.changes.map(({ address }) => address));
      readStateModule(reader, '/prior_state/values/root_module', '', root.prior, known);
    });
  });
}

function toPlan({ scalars, changes, deferred, prior, drift, actions, planned }: Root): Plan {
  // Terraform lists every resource, changed or not. An empty list means that somebody edited the file.
  if (planned && changes.length === 0 && deferred.length === 0) throw emptied();
  const changed = new Set<string>();
  for (const { address, deposed, path } of changes) {
    if (deposed !== undefined) continue;
    if (changed.has(address)) throw twice(path, address);
    changed.add(address);
  }
  for (const { address } of changes) changed.add(address);
  const untouched = prior.filter(({ address, mode }) => mode === 'data' || !changed.has(address));
  const instances = new Set([...changed, ...untouched.map(({ address }) => address)]);
  return {
    formatVersion: textOf(scalars.get('format_version')) ?? '',
    terraform: textOf(scalars.get('terraform_version')) ?? 'unknown',
    complete: scalars.get('complete') !== false,
    resources: instances.size,
    changes,
    deferred,
    prior: untouched.filter(({ address }) => !changed.has(address)),
    drift,
    actions,
    outputs: new Map(
      entries(scalars, 'output_changes').map(([name, value]) => [name, readChange(value, `/output_changes/${name}`)]),
    ),
    variables: new Map(entries(scalars, 'variables').map(([name, value]) => [name, own(value, 'value')])),
    configuration: record(scalars, 'configuration'),
  };
}

function entries(scalars: ReadonlyMap<string, unknown>, key: string): [string, unknown][] {
  return Object.entries(record(scalars, key));
}

function record(scalars: ReadonlyMap<string, unknown>, key: string): Json {
  const value = scalars.get(key) ?? {};
  if (!isJson(value)) throw wrongShape(`/${key}`, 'an object');
  return value;
}

function wrongShape(path: string, expected: string): PlanError {
  return new PlanError({ code: 'wrong-shape', path, message: `expected ${expected}`, hint: SHOW });
}

function twice(path: string, address: string): PlanError {
  return new PlanError({ code: 'wrong-shape', path, message: `${address} stands twice`, hint: SHOW });
}

function emptied(): PlanError {
  const message = 'resources are planned, and the list of changes, which has every resource, is empty';
  return new PlanError({ code: 'wrong-shape', path: '/resource_changes', message, hint: SHOW });
}

function notAPlan(message: string): PlanError {
  return new PlanError({ code: 'not-a-plan', message, hint: SHOW });
}

const MESSAGES = {
  truncated: 'the text ends in the middle: expected',
  'invalid-json': 'this is no JSON: expected',
  'duplicate-key': 'this key stands twice: expected',
  'too-deep': 'this is nested deeper than a plan: expected',
} as const;

function asPlanError(fault: JsonFault, bytes: Uint8Array): PlanError {
  const { kind, offset, expected } = fault;
  const path = pointerAt(bytes, kind === 'duplicate-key' ? closingQuote(bytes, offset) + 1 : offset);
  const message = `${MESSAGES[kind]} ${expected}`;
  return new PlanError({ code: kind, path, offset, message, hint: SHOW }, { cause: fault });
}
