import { conditionsOf, demandsPresence } from '../conditions';
import { pageOf, type RoleGuardrail } from '../guardrail';
import { readAllows } from '../reading';

/**
 * `ForAllValues` is true for an empty list of values, so the statement needs a second condition that requires the key.
 */
export const forAllValuesGuard: RoleGuardrail = {
  id: 'for-all-values-guard',
  title: '`ForAllValues` is always combined with `Null: false` on the same key',
  severity: 'error',
  page: pageOf('for-all-values-guard'),
  unwaivable:
    'the condition `Null: false` needs only one line, and without it `ForAllValues` is true for every request that omits the key',
  over: 'role',
  *check({ role, catalogue }) {
    for (const allow of readAllows(role, catalogue)) {
      const entries = conditionsOf(allow);
      for (const { name, operator, key, path } of entries) {
        if (operator?.set !== 'ForAllValues' || demandsPresence(entries, key)) continue;
        yield {
          message: `\`${name}\` on \`${key}\` is true for a request without the key, and nothing requires the key.`,
          hint: `Add \`"Null": { ${key}: false }\` to the same statement.`,
          at: role.locate(path),
        };
      }
    }
  },
};
