import { parseArn } from '../../policy';
import { conditionsOf } from '../conditions';
import { pageOf, type RoleGuardrail } from '../guardrail';
import { type AllowReading, readAllows } from '../reading';
import { covers, scopeTokens } from '../scope';

/** What a parameter narrows is not allowed again without it. */
export const parameterBypass: RoleGuardrail = {
  id: 'parameter-bypass',
  title: 'What a parameter narrows is not allowed again without it',
  severity: 'error',
  page: pageOf('parameter-bypass'),
  over: 'role',
  *check({ role, catalogue }) {
    if (role.parameters.length === 0) return;
    const allows = readAllows(role, catalogue);
    for (const narrow of allows) {
      for (const wide of allows) {
        const action = narrow.granted.find(({ id }) => wide.granted.some((other) => other.id === id));
        if (action === undefined || inConditions(wide)) continue;
        for (const [index, resource] of wide.allow.resources.entries()) {
          if (resource.includes('${param.')) continue;
          const narrowed = narrow.allow.resources.find(
            (text) =>
              (text.includes('${param.') || (narrow !== wide && inConditions(narrow))) && reaches(resource, text),
          );
          if (narrowed === undefined) continue;
          yield {
            message: `\`${resource}\` allows \`${action.id}\` on all that \`${narrowed}\` narrows by a parameter.`,
            mend: 'Remove the wider resource, or take the action out of one of the two statements.',
            at: role.locate(['allow', wide.index, 'resources', index]),
          };
        }
      }
    }
  },
};

function inConditions(allow: AllowReading): boolean {
  return conditionsOf(allow).some(({ values }) => values.some((value) => value.includes('${param.')));
}

function reaches(wide: string, narrow: string): boolean {
  if (wide === '*') return true;
  const [outer, inner] = [parseArn(wide), parseArn(narrow)];
  if (outer === undefined || inner === undefined || outer.service !== inner.service) return false;
  return covers(scopeTokens(outer.resource, true), scopeTokens(inner.resource, true));
}
