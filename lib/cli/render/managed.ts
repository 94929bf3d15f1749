/** Describes AWS-managed policies in words. */
import type { Grant } from '@leasehold/broker';
import { listInWords, visible } from '@leasehold/contract/text';
import type { PinnedPolicy, Role } from '@leasehold/definitions';
import { isPinnedText, knownTextHash, managedName } from '@leasehold/documents';
import { IDENTITY_SERVICES, parseActionPattern, sensitiveReadsAmong } from '@leasehold/policy';
import { AWS_MANAGED_DATE, awsManagedPowers } from '@leasehold/policy/aws-managed';
import { LeaseError } from '@leasehold/runtime';
import { count } from './text';

/** The managed policies of a grant: the name, the hash of the approved text, and the permissions in this text. */
export function managedLines({ role, managedPolicies = [] }: Grant): readonly string[] {
  if (managedPolicies.length === 0) return [];
  const lines = managedPolicies.flatMap((policy) => [
    visible(`${managedName(policy.arn)}, which AWS manages (${policy.arn})`),
    visible(`  text with SHA-256 ${policy.sha256}`),
    ...(isPinnedText(policy) === true
      ? [`  permits ${extent(policy.arn)}`]
      : ['  its text is not known to this version of Leasehold']),
  ]);
  return [...lines, visible(`all of it: npx leasehold can ${role}`)];
}

/** @throws LeaseError if the permissions in a managed policy cannot be shown to an approver */
export function demandKnownTexts({ managedPolicies = [] }: Grant): void {
  const unknown = managedPolicies.find((policy) => isPinnedText(policy) !== true);
  if (unknown === undefined) return;
  throw new LeaseError(
    'denied',
    `the permissions of the lease cannot be shown whole: the text of ${visible(unknown.arn)} with SHA-256 ${visible(unknown.sha256)} is not known here`,
    'Approve with the version of Leasehold that checked the definitions, or deny the request.',
    false,
  );
}

/** The managed policies of a role, each with its pinned and its current text. Empty for most roles. */
export function pinnedLines({ managedPolicies = [] }: Role): readonly string[] {
  return managedPolicies.flatMap((policy) => [
    `${managedName(policy.arn)}: ${policy.because}`,
    `  ${pinText(policy)}`,
    `  permits ${extent(policy.arn)}`,
  ]);
}

/** The same as data. */
export function pinnedJson({ managedPolicies = [] }: Role) {
  return managedPolicies.map(({ arn, sha256, because, sensitive }) => ({
    arn,
    sha256: sha256 ?? null,
    current: knownTextHash(arn) ?? null,
    date: AWS_MANAGED_DATE,
    because,
    sensitive: sensitive ?? null,
  }));
}

function pinText({ arn, sha256 }: PinnedPolicy): string {
  const current = knownTextHash(arn);
  if (current === undefined) return 'its text is not known to this version of Leasehold';
  const text = `sha256: "${current}", the text of ${AWS_MANAGED_DATE}`;
  if (sha256 === current) return `pinned to ${text}`;
  return sha256 === undefined ? `not pinned; current is ${text}` : `pinned to ${sha256}; current is ${text}`;
}

/** Summary of what a policy permits: its services, its actions, and the sensitive reads among these actions. */
function extent(arn: string): string {
  const powers = awsManagedPowers(arn);
  if (powers === undefined) return 'what is not known';
  const patterns = [...new Set(powers.statements.flatMap(({ actions }) => actions))];
  const services = new Set(patterns.map((pattern) => parseActionPattern(pattern)?.service ?? '*'));
  const sensitive = sensitiveReadsAmong(patterns);
  const identities = IDENTITY_SERVICES.some((service) => services.has(service));
  const told = [
    ...(sensitive.length === 0 ? [] : [`sensitive reads such as ${listInWords(sensitive, { most: 6 })}`]),
    ...(identities ? ['reads of who may do what in the account'] : []),
  ];
  const among = told.length === 0 ? '' : `, among them ${told.join(', and ')}`;
  return `${count(patterns.length, 'action pattern')} of ${count(services.size, 'service')}${among}`;
}
