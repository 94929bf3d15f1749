import type { ActionInfo, Catalogue, ConditionKeyInfo } from '@leasehold/policy';
import { type ConditionEntry, conditionsOf } from '../conditions';
import { type Complaint, pageOf, type RoleGuardrail } from '../guardrail';
import { type AllowReading, listed, readStatements } from '../reading';

/** Every condition key must exist and apply to the actions of its statement. */
export const conditionKey: RoleGuardrail = {
  id: 'condition-key',
  title: 'Every condition key exists, and applies to every action of its statement',
  severity: 'error',
  page: pageOf('condition-key'),
  over: 'role',
  *check({ role, catalogue }) {
    for (const allow of readStatements(role, catalogue)) {
      for (const entry of conditionsOf(allow)) {
        const complaint =
          unknown(entry, allow, catalogue) ?? inapplicable(entry, allow, catalogue) ?? oddType(entry, catalogue);
        if (complaint) yield { ...complaint, at: role.locate(entry.path) };
      }
    }
  },
};

type Unplaced = Omit<Complaint, 'at'>;

function unknown({ key }: ConditionEntry, { granted }: AllowReading, catalogue: Catalogue): Unplaced | undefined {
  const found = catalogue.conditionKey(key);
  if (found.known) return undefined;
  // A similar key that the statement's actions support is a better suggestion than a similar key of other actions.
  const near = granted.map((action) => catalogue.conditionKey(key, action).nearest).find((name) => name !== undefined);
  const meant = near ?? found.nearest;
  return {
    message: `AWS lists no condition key \`${key}\`.`,
    hint:
      meant === undefined ? 'Look up the key in the service authorization reference.' : `Did you mean \`${meant}\`?`,
  };
}

/**
 * If a request does not contain a key, a plain condition is false, so the action is never permitted. A lenient
 * condition (`IfExists` or a negation) is true, so the action is not limited.
 */
function inapplicable(
  { name, operator, key }: ConditionEntry,
  allow: AllowReading,
  catalogue: Catalogue,
): Unplaced | undefined {
  const lenient = operator !== undefined && (operator.negated || operator.ifExists || operator.set === 'ForAllValues');
  if (allow.section === 'deny') return neverDenies(name, key, lenient, allow, catalogue);
  for (const { wildcard, pattern, actions } of allow.actions) {
    const without = actions.filter((action) => !applies(key, action, catalogue));
    const [first] = without;
    // An action pattern may match actions that the condition disables, but must not match actions that the condition
    // does not limit.
    if (first === undefined || (wildcard && !lenient && without.length < actions.length)) continue;
    const near = catalogue.conditionKey(key, first).nearest;
    return {
      message: `The condition key \`${key}\` does not apply to \`${wildcard && without.length === actions.length ? pattern : first.id}\`, so that \`${name}\` ${lenient ? 'does not limit it' : 'never allows it'}.`,
      hint:
        near === undefined || near.toLowerCase() === key.toLowerCase()
          ? lenient
            ? 'Remove the action from this statement. If the task needs the action, limit the action in a separate statement.'
            : 'Remove the action from this statement, which never allows it. If the task needs the action, write a separate statement for it.'
          : `Use \`${near}\`, or remove the action here.`,
    };
  }
  return undefined;
}

/** If no request contains the key, a plain condition is never true, and the deny has no effect. */
function neverDenies(
  name: string,
  key: string,
  lenient: boolean,
  { actions, granted, readable }: AllowReading,
  catalogue: Catalogue,
): Unplaced | undefined {
  if (lenient || !readable || granted.some((action) => applies(key, action, catalogue))) return undefined;
  const near = granted
    .map((action) => catalogue.conditionKey(key, action).nearest)
    .find((found) => found !== undefined);
  return {
    message: `The condition key \`${key}\` applies to none of ${listed(actions.flatMap((reading) => reading.actions))}, so \`${name}\` never denies anything.`,
    hint:
      near === undefined || near.toLowerCase() === key.toLowerCase()
        ? 'Remove the condition. The statement then always denies the actions.'
        : `Use \`${near}\`, or remove the condition, so that the actions are denied at all times.`,
  };
}

function applies(key: string, action: ActionInfo, catalogue: Catalogue): boolean {
  const found = catalogue.conditionKey(key, action);
  return found.known && found.applies;
}

function oddType({ name, operator, key }: ConditionEntry, catalogue: Catalogue): Unplaced | undefined {
  const found = catalogue.conditionKey(key);
  if (!found.known || operator === undefined || operator.family === 'Null') return undefined;
  const { info } = found;
  if (info.multivalued && operator.set === undefined) {
    return {
      message: `\`${key}\` has several values in one request, and \`${name}\` compares one.`,
      hint: `Write \`ForAllValues:${name}\` together with \`"Null": { ${key}: false }\`.`,
    };
  }
  if (!info.multivalued && operator.set !== undefined) {
    return {
      severity: 'warning',
      message: `\`${key}\` has one value in a request, and \`${operator.set}\` is for keys with several.`,
      hint: `Write \`${name.slice(operator.set.length + 1)}\`.`,
    };
  }
  return comparable(info, operator.family)
    ? undefined
    : {
        severity: 'warning',
        message: `AWS lists \`${key}\` as ${info.type}, and \`${name}\` compares ${operator.family} values.`,
        hint: 'Choose an operator that matches the type of the condition key.',
      };
}

/** String comparison works on every type; many keys contain ARNs as text. */
function comparable({ type }: ConditionKeyInfo, family: string): boolean {
  return family === 'String' || family === type || (family === 'ARN' && type === 'String');
}
