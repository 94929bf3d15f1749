/** What every caller may do, whatever its policies say. */
import { parsePolicy } from '../evaluate/policy';
import type { Knowledge } from './conditions';
import { type Rule, toRule } from './rule';

/**
 * `sts:GetCallerIdentity` needs no permission, and an explicit deny does not forbid it. So a policy that allows it adds
 * nothing. Source: https://docs.aws.amazon.com/STS/latest/APIReference/API_GetCallerIdentity.html
 */
export function freeRules(): readonly Rule[] {
  rules ??= FREE.statements.map((statement) => toRule(statement, FREE.version, NOTHING_KNOWN));
  return rules;
}

let rules: readonly Rule[] | undefined;

const NOTHING_KNOWN: Knowledge = { given: new Map(), multiplicity: () => 'unknown' };

const FREE = parsePolicy(
  {
    Version: '2012-10-17',
    Statement: [{ Effect: 'Allow', Action: 'sts:GetCallerIdentity', Resource: '*' }],
  },
  'identity',
);
