/**
 * Prepares the statements of a role, and caches the result, because a broker repeatedly builds grants for the same few
 * roles.
 */
import type { Allow, Role } from '@leasehold/definitions';
import { permitted, templateParts } from '@leasehold/documents';
import { covering } from './covering';

type Values = Readonly<Record<string, string>>;

/** A statement that can be narrowed and in which parameter values can be filled in. */
export interface RoleStatement {
  readonly actions: readonly string[];
  /** Whether the statement allows an action. */
  covers(action: string): boolean;
  /** The statement's resources and conditions, with the parameter values filled in. */
  filled(values: Values): Omit<Allow, 'actions'>;
}

/** The statements of a role, in order. */
export interface RoleStatements {
  readonly allow: readonly RoleStatement[];
  readonly deny: readonly RoleStatement[];
}

const ready = new WeakMap<Role, RoleStatements>();

/** Prepares the statements of a role. */
export function roleStatements(role: Role): RoleStatements {
  const known = ready.get(role) ?? { allow: permitted(role).map(roleStatement), deny: role.deny.map(roleStatement) };
  ready.set(role, known);
  return known;
}

function roleStatement({ actions, resources, conditions }: Allow): RoleStatement {
  const coverings = actions.map(covering);
  const resourceTemplates = resources.map(filling);
  const conditionTemplates = Object.entries(conditions).map(
    ([operator, keys]) =>
      [operator, Object.entries(keys).map(([key, list]) => [key, list.map(filling)] as const)] as const,
  );
  return {
    actions,
    covers: (action) => coverings.some((covered) => covered(action)),
    filled: (values) => ({
      resources: resourceTemplates.map((fill) => fill(values)),
      conditions: Object.fromEntries(
        conditionTemplates.map(([operator, keys]) => [
          operator,
          Object.fromEntries(keys.map(([key, list]) => [key, list.map((fill) => fill(values))])),
        ]),
      ),
    }),
  };
}

/**
 * A parameter without a value remains a policy variable. Because the session does not have the parameter's tag, the
 * variable does not match anything.
 */
function filling(template: string): (values: Values) => string {
  const parts = templateParts(template);
  return (values) => {
    let text = '';
    for (const part of parts) {
      text += 'text' in part ? part.text : (values[part.parameter] ?? `\${param.${part.parameter}}`);
    }
    return text;
  };
}
