import type { Path, Role } from '@leasehold/definitions';
import { permitted, roleBoundary, rolePolicy, trust } from '@leasehold/documents';
import { type PolicyDocument, PolicyError, type PolicyKind, parsePolicy } from '@leasehold/policy';
import { pageOf, type RoleGuardrail } from '../guardrail';

/** Reports, with its place, what AWS would reject at `terraform apply`. */
export const policyGrammar: RoleGuardrail = {
  id: 'policy-grammar',
  title: 'IAM accepts every document that is deployed for a role',
  severity: 'error',
  page: pageOf('policy-grammar'),
  unwaivable: 'AWS refuses such a document',
  over: 'role',
  *check({ role, environment }) {
    const documents: readonly (readonly [PolicyKind, string, PolicyDocument])[] = [
      ['identity', 'permission policy', rolePolicy(role)],
      ['trust', 'trust policy', trust(role, environment)],
      ['boundary', 'boundary', roleBoundary(role)],
    ];
    for (const [kind, what, document] of documents) {
      const fault = refusal(document, kind);
      if (fault === undefined) continue;
      yield {
        message: `IAM would refuse the ${what}: at ${placeIn(fault)} it got ${fault.got}.`,
        expected: fault.expected,
        hint: 'Write a value of that form, as the IAM user guide describes it.',
        at: role.locate(kind === 'identity' ? written(fault.path, role) : ['name']),
      };
    }
  },
};

function refusal(document: PolicyDocument, kind: PolicyKind): PolicyError | undefined {
  try {
    parsePolicy(document, kind);
    return undefined;
  } catch (error) {
    if (error instanceof PolicyError) return error;
    throw error;
  }
}

function placeIn({ path }: PolicyError): string {
  return `\`${path === '' ? '/' : path}\``;
}

const KEYS: Readonly<Record<string, string>> = { Action: 'actions', Resource: 'resources', Condition: 'conditions' };

/** The path in the definition of a value in the permission policy. */
function written(pointer: string, role: Role): Path {
  const [, , index = '', element = '', ...rest] = pointer
    .split('/')
    .map((step) => step.replaceAll('~1', '/').replaceAll('~0', '~'));
  const number = Number(index);
  const denied = number - permitted(role).length;
  const key = KEYS[element];
  const steps = [...(key === undefined ? [] : [key]), ...rest];
  if (number < role.allow.length) return ['allow', number, ...steps];
  return denied >= 0 && denied < role.deny.length ? ['deny', denied, ...steps] : ['name'];
}
