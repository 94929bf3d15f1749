import { type ConditionEntry, conditionsOf, demandsPresence } from '../conditions';
import { type Complaint, pageOf, type RoleGuardrail } from '../guardrail';
import { readAllows } from '../reading';

/** A condition must not become true because its key is missing from the request. */
export const conditionFailsOpen: RoleGuardrail = {
  id: 'condition-fails-open',
  title: 'No condition is true for a request without the key',
  severity: 'error',
  page: pageOf('condition-fails-open'),
  over: 'role',
  *check({ role, catalogue }) {
    for (const allow of readAllows(role, catalogue)) {
      const entries = conditionsOf(allow);
      for (const entry of entries) {
        const complaint = opens(entry, demandsPresence(entries, entry.key));
        if (complaint) yield { ...complaint, at: role.locate(entry.path) };
      }
    }
  },
};

function opens({ name, operator, key, values }: ConditionEntry, guarded: boolean): Omit<Complaint, 'at'> | undefined {
  if (operator === undefined) return undefined;
  if (operator.family === 'Null') {
    if (!values.some((value) => value.toLowerCase() === 'true')) return undefined;
    return {
      message: `\`Null\` on \`${key}\` requires that the request omits the key, which limits nothing else about it.`,
      hint: 'Use an operator that compares the key with the values that the task needs.',
    };
  }
  if (operator.set === 'ForAnyValue' && !operator.negated && CALLERS_LISTS.test(key)) {
    return {
      message: `\`${name}\` on \`${key}\` matches a request that has one permitted value among any others.`,
      hint: `Write \`ForAllValues:${name.slice('ForAnyValue:'.length)}\` together with \`"Null": { ${key}: false }\`.`,
    };
  }
  if (guarded) return undefined;
  if (operator.ifExists) {
    return {
      message: `\`${name}\` on \`${key}\` is true of a request without the key.`,
      hint: `Write \`${name.slice(0, -'IfExists'.length)}\`.`,
    };
  }
  // `ForAllValues` has its own guardrail; `ForAnyValue` is false without a value.
  if (operator.negated && operator.set === undefined) {
    return {
      message: `\`${name}\` on \`${key}\` is true of a request without the key.`,
      hint: `List what is permitted instead of what is not, or add \`"Null": { ${key}: false }\`.`,
    };
  }
  return undefined;
}

/** Multi-valued keys whose values the caller chooses freely. */
const CALLERS_LISTS =
  /^(aws:TagKeys|dynamodb:(Attributes|LeadingKeys|(First|Second|Third|Fourth)PartitionKeyValues))$/i;
