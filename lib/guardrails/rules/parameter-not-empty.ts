import { pageOf, type RoleGuardrail } from '../guardrail';

/** No parameter value may be empty, because an empty value would match a wider scope. */
export const parameterNotEmpty: RoleGuardrail = {
  id: 'parameter-not-empty',
  title: 'No parameter can be empty',
  severity: 'error',
  page: pageOf('parameter-not-empty'),
  unwaivable: 'IAM rejects a lease with an empty parameter',
  over: 'role',
  *check({ role }) {
    for (const { name, pattern, values } of role.parameters) {
      if (values !== undefined) {
        const index = values.indexOf('');
        if (index < 0 && values.length > 0) continue;
        yield {
          message:
            values.length === 0
              ? `Parameter \`${name}\` lists no values.`
              : `Parameter \`${name}\` lists the empty value.`,
          hint: 'List the values that a lease may have.',
          at: role.locate(['parameters', name, 'values', ...(index < 0 ? [] : [index])]),
        };
      } else if (pattern === undefined) {
        yield {
          message: `Parameter \`${name}\` has neither \`pattern:\` nor \`values:\`, so that anything fits.`,
          hint: 'Describe the values, for example `pattern: "[a-z0-9]{1,32}"`.',
          at: role.locate(['parameters', name]),
        };
      } else if (pattern.nullable) {
        yield {
          message: `The pattern \`${pattern}\` of parameter \`${name}\` matches the empty text.`,
          hint: 'Demand at least one character, for example with `+` or `{1,32}` in place of `*`.',
          at: role.locate(['parameters', name, 'pattern']),
        };
      }
    }
  },
};
