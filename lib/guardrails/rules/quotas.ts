import { BROKER_TAGS, requiredTags, roleBoundary, rolePolicy, trust } from '@leasehold/documents';
import { COUNT_QUOTAS, checkSize, type DocumentKind, type PolicyDocument, refusedCharacters } from '@leasehold/policy';
import { type Complaint, pageOf, type RoleGuardrail } from '../guardrail';

/** The documents deployed for a role must not exceed IAM's quotas. */
export const quotas: RoleGuardrail = {
  id: 'quotas',
  title: "A role's documents and tags fit into IAM's quotas",
  severity: 'error',
  page: pageOf('quotas'),
  unwaivable: 'AWS rejects everything that exceeds a quota',
  over: 'role',
  *check({ role, environment }) {
    const grants = rolePolicy(role);
    const tooLong = oversize('role-inline-policy', 'permission policy', grants);
    if (tooLong)
      yield {
        ...tooLong,
        hint: 'Split the role, or shorten its resource names and lists.',
        at: role.locate(['allow']),
      };
    const [odd] = refusedCharacters(grants);
    if (odd !== undefined) {
      yield {
        message: `The permission policy would contain the character \`${odd}\`, which IAM rejects in policies.`,
        expected: 'characters up to U+00FF',
        hint: 'Replace the character by `?`, or choose another name.',
        at: role.locate(['allow']),
      };
    }
    const bound = oversize('permissions-boundary', 'boundary', roleBoundary(role, environment));
    if (bound) {
      yield {
        ...bound,
        hint: 'Split the role, so that each new role contains fewer actions that read identities, or passes and assumes fewer roles.',
        at: role.locate(['allow']),
      };
    }
    const closed = oversize('trust-policy', 'trust policy', trust(role, environment));
    if (closed) {
      yield {
        ...closed,
        hint: 'Use fewer parameters, shorter lists of `values:`, or fewer agents a role.',
        at: role.locate(['name']),
      };
    }
    const tags = requiredTags(role).length + (role.gates.includes('broker') ? BROKER_TAGS.length : 0);
    if (tags > COUNT_QUOTAS.sessionTags.value) {
      yield {
        message: `A lease of this role needs ${tags} session tags, but STS permits only ${COUNT_QUOTAS.sessionTags.value}.`,
        hint: 'Use fewer parameters.',
        at: role.locate(['parameters']),
      };
    }
  },
};

function oversize(kind: DocumentKind, what: string, document: PolicyDocument): Pick<Complaint, 'message'> | undefined {
  const { size, limit, over } = checkSize(kind, document);
  return over ? { message: `The ${what} would have ${size} characters, but IAM permits only ${limit}.` } : undefined;
}
