/** Reads the parts of a question to `explain` from the command line. */

import { onOneLine } from '@leasehold/contract/text';
import type { Role } from '@leasehold/definitions';
import { matchesParameter } from '@leasehold/definitions';
import { SCOPING_ACTION, type SessionRequest } from '@leasehold/documents';
import { type Context, isArn, isDerivedKey, loadCatalogue, nearest, parseActionPattern } from '@leasehold/policy';
import { UsageError } from './exit';
import { either } from './render/text';
import type { Shell } from './shell';

/**
 * The action and the resource. An action that AWS does not list is rejected, because a verdict on a misspelled action
 * would be misleading.
 *
 * @throws UsageError
 */
export async function readAsked(action: string | undefined, resource: string | undefined): Promise<SessionRequest> {
  if (action === undefined || resource === undefined) {
    throw new UsageError(`no ${action === undefined ? 'action' : 'resource'} is named`, {
      expected: 'an action and the ARN of a resource',
      hint: 'Specify an action and a resource. To check only whether the lease can be opened, use --trust.',
    });
  }
  if (resource !== '*' && !isArn(resource)) {
    throw new UsageError(`"${resource}" names no resource`, {
      expected: 'the ARN of one resource, without wildcards, or * for an action that works on none',
      hint: 'Write the complete ARN, for example arn:aws:s3:::bucket/key.',
    });
  }
  if (action.toLowerCase() === SCOPING_ACTION.toLowerCase()) return { action: SCOPING_ACTION, resource };
  const service = parseActionPattern(action)?.service;
  const catalogue = await loadCatalogue(service === undefined || service === '*' ? [] : [service]);
  const info = catalogue.action(action);
  if (!info) {
    const near = service !== undefined && catalogue.hasService(service) ? catalogue.nearestAction(action) : undefined;
    throw new UsageError(`"${action}" is not an action that AWS lists`, {
      expected: 'service:Action, without wildcards',
      hint:
        near === undefined ? 'Look up the action in the service authorization reference.' : `Did you mean "${near}"?`,
    });
  }
  return { action: info.id, resource };
}

/**
 * Parses `name=value` for parameters of the role. If a value does not match the parameter's pattern, a note is shown,
 * but the value is evaluated nevertheless: only clients check the pattern, and the verdict shows what IAM would decide.
 *
 * @throws UsageError
 */
export function readParameters(role: Role, given: readonly string[] | undefined, shell: Shell): Record<string, string> {
  const parameters = Object.fromEntries((given ?? []).map((text) => split(text, '--param')));
  const names = role.parameters.map(({ name }) => name);
  for (const name of Object.keys(parameters)) {
    if (names.includes(name)) continue;
    const near = nearest(name, names);
    throw new UsageError(`role ${role.name} has no parameter "${name}"`, {
      expected: names.length > 0 ? either(names) : 'no parameter',
      hint: near === undefined ? 'Leave it out.' : `Did you mean "${near}"?`,
    });
  }
  for (const parameter of role.parameters) {
    const { name } = parameter;
    const value = parameters[name];
    if (value === undefined) shell.host.err(`note: parameter ${name} has no value; add --param ${name}=VALUE\n`);
    else if (!matchesParameter(parameter, value)) {
      shell.host.err(
        `note: "${onOneLine(value)}" is not a valid value of ${name}: a client refuses it before it calls AWS\n`,
      );
    }
  }
  return parameters;
}

/**
 * Parses `key=value` for context keys. If a key is repeated, it gets a list of values. A key without a value is treated
 * as absent from the request. A key is rejected if its value is derived from the request, because the given value would
 * be ignored.
 *
 * @throws UsageError
 */
export function readContext(given: readonly string[] | undefined): Context {
  const values = new Map<string, string[]>();
  for (const text of given ?? []) {
    const [key, value] = split(text, '--context');
    if (isDerivedKey(key)) {
      throw new UsageError(`--context ${key}: the value follows from who asks for what`, {
        expected: 'a context key of which the request may choose the value',
        hint: 'Omit this key. Its value is derived from the role, the agent and the resource that you specify.',
      });
    }
    if (!/^[^:]+:.+$/.test(key)) {
      throw new UsageError(`--context ${key}: this is not a condition key`, {
        expected: 'a key with its service, such as aws:SourceIp',
        hint: 'Write the service in front of it.',
      });
    }
    values.set(key, [...(values.get(key) ?? []), ...(value === '' ? [] : [value])]);
  }
  return Object.fromEntries([...values].map(([key, list]) => [key, list.length === 1 ? (list[0] ?? '') : list]));
}

function split(text: string, option: string): readonly [name: string, value: string] {
  const equals = text.indexOf('=');
  if (equals > 0) return [text.slice(0, equals), text.slice(equals + 1)];
  throw new UsageError(`${option} ${text}: there is no name before an equals sign`, {
    expected: `${option} name=value`,
    hint: 'Write the name, an equals sign and the value.',
  });
}

/**
 * Rejects a context key that no policy document uses. The verdict would be the same without the key, but readers may
 * think that the verdict depends on the key.
 *
 * @param used Keys that the documents read.
 * @throws UsageError
 */
export function demandUsed(context: Context, used: readonly string[]): void {
  const folded = new Set(used.map((key) => key.toLowerCase()));
  const unused = Object.keys(context).find((key) => !folded.has(key.toLowerCase()));
  if (unused === undefined) return;
  const choosable = used.filter((key) => !isDerivedKey(key));
  const near = nearest(unused, choosable);
  throw new UsageError(`--context ${unused}: no document that is asked reads this key`, {
    expected: choosable.length > 0 ? either(choosable) : 'no context key',
    hint: near === undefined ? 'Leave it out: it changes nothing.' : `Did you mean "${near}"?`,
  });
}
