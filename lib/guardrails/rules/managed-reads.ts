import { listInWords } from '@leasehold/contract/text';
import { managedName } from '@leasehold/documents';
import { pageOf, type RoleGuardrail } from '../guardrail';
import { type ManagedReading, readManaged } from '../managed';
import { whySensitive } from '../reading';

/**
 * Every action that an AWS-managed policy permits and that is not a harmless read must be denied or justified.
 */
export const managedReads: RoleGuardrail = {
  id: 'managed-reads',
  title:
    'A role with an AWS-managed policy denies everything in the policy except reads, and justifies the sensitive reads',
  severity: 'error',
  page: pageOf('managed-reads'),
  unwaivable: 'deny what is not a read, and state under `sensitive:` of the policy why its sensitive reads are needed',
  over: 'role',
  *check({ role, catalogue }) {
    for (const reading of readManaged(role, catalogue)) {
      const { policy, index, plain, sensitive, notReads } = reading;
      // `managed-policy` reports a policy whose actions cannot be listed.
      if (!plain) continue;
      const name = managedName(policy.arn);
      if (notReads.length > 0) {
        yield {
          message: `\`${name}\` also permits ${counted(notReads)}, not known to be ${notReads.length === 1 ? 'a read' : 'reads'}.`,
          hint: `Deny ${notReads.length === 1 ? 'it' : 'them'}: \`deny: [{ actions: [${notReads.join(', ')}], resources: "*" }]\`.`,
          at: role.locate(['managedPolicies', index, 'arn']),
        };
      }
      if (sensitive.length > 0 && policy.sensitive === undefined) {
        yield {
          message: `\`${name}\` permits ${counted(sensitive.map(({ id }) => id))}: ${sensitiveWords(reading)}`,
          hint: 'Deny what people do not need, and state under `sensitive:` of the policy why they need the rest.',
          at: role.locate(['managedPolicies', index, 'arn']),
        };
      } else if (sensitive.length === 0 && policy.sensitive !== undefined) {
        yield {
          severity: 'warning',
          message: `\`sensitive\` gives a reason, but \`${name}\` permits no sensitive read here.`,
          hint: 'Remove it.',
          at: role.locate(['managedPolicies', index, 'sensitive']),
        };
      }
    }
  },
};

/** Formats a list of actions; a long list is shortened. */
function counted(ids: readonly string[]): string {
  return listInWords(
    ids.map((id) => `\`${id}\``),
    { most: 4 },
  );
}

function sensitiveWords({ sensitive }: ManagedReading): string {
  const [first] = sensitive;
  const why = first === undefined ? '' : (whySensitive(first.id) ?? '');
  return sensitive.length === 1
    ? `a sensitive read. ${why}`
    : `${sensitive.length} sensitive reads, of data, configuration with secrets, or who may do what.`;
}
