import { parseArn } from '@leasehold/policy';
import { conditionsOf } from '../conditions';
import { pageOf, type RoleGuardrail } from '../guardrail';
import { type AllowReading, readAllows } from '../reading';
import { covers, scopeTokens } from '../scope';

/**
 * If a statement narrows access by a parameter, no other statement may allow the same access without the parameter.
 */
export const parameterBypass: RoleGuardrail = {
  id: 'parameter-bypass',
  title:
    'If a parameter narrows an action in one statement, no other statement allows the action without the parameter',
  severity: 'error',
  page: pageOf('parameter-bypass'),
  over: 'role',
  *check({ role, catalogue }) {
    if (role.parameters.length === 0) return;
    const scopes = readAllows(role, catalogue).flatMap(scopesOf);
    for (const wide of scopes) {
      for (const narrow of scopes) {
        const parameter = [...narrow.parameters].find((name) => !wide.parameters.has(name));
        if (parameter === undefined || !reaches(wide.resource, narrow.resource)) continue;
        const action = narrow.allow.granted.find(({ id }) => wide.allow.granted.some((other) => other.id === id));
        if (action === undefined) continue;
        yield {
          message: `\`${wide.resource}\` allows \`${action.id}\` on all that \`${narrow.resource}\` narrows by \`${parameter}\`.`,
          hint: 'Remove the wider resource, or remove the action from the statement with the wider resource.',
          at: role.locate(['allow', wide.allow.index, 'resources', wide.index]),
        };
        break;
      }
    }
  },
};

/** One resource of a statement, with every parameter that narrows it: in the resource and in the conditions. */
interface Scope {
  readonly allow: AllowReading;
  readonly resource: string;
  readonly index: number;
  readonly parameters: ReadonlySet<string>;
}

function scopesOf(allow: AllowReading): readonly Scope[] {
  const conditions = conditionsOf(allow).flatMap(({ values }) => values.flatMap(parametersIn));
  return allow.allow.resources.map((resource, index) => ({
    allow,
    resource,
    index,
    parameters: new Set([...parametersIn(resource), ...conditions]),
  }));
}

function parametersIn(text: string): readonly string[] {
  return scopeTokens(text, false).flatMap((token) => (token.kind === 'parameter' ? [token.name] : []));
}

function reaches(wide: string, narrow: string): boolean {
  if (wide === '*') return true;
  const [outer, inner] = [parseArn(wide), parseArn(narrow)];
  if (outer === undefined || inner === undefined || outer.service !== inner.service) return false;
  return covers(scopeTokens(outer.resource, true), scopeTokens(inner.resource, true));
}
