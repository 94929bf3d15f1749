/**
 * Denial messages with AWS's wording.
 * Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_access-denied.html
 */
import type { PolicyRef, Verdict } from '@leasehold/policy';

/** The resource as it is written in messages. S3 puts the resource in quotation marks. */
export type Quoting = 'plain' | 'quoted';

/** `User: … is not authorized to perform: … on resource: … because …`. */
export function denialMessage(verdict: Verdict, callerArn: string, quoting: Quoting = 'plain'): string {
  const { action, resource } = verdict.request;
  const where = resource === '*' ? '' : ` on resource: ${quoting === 'quoted' ? `"${resource}"` : resource}`;
  return `User: ${callerArn} is not authorized to perform: ${action}${where}${ground(verdict, action)}`;
}

function ground({ outcome, by, lacking, rule }: Verdict, action: string): string {
  if (outcome === 'explicitly denied' && by) return ` with an explicit deny in ${A_POLICY[by.kind]}`;
  const kinds = new Set(lacking.map(({ kind }) => kind));
  const first = ORDER.find((kind) => kinds.has(kind));
  if (first !== undefined) return ` because no ${POLICY[first]} allows the ${action} action`;
  return rule === undefined ? '' : ` because ${rule.text}`;
}

const POLICY: Readonly<Record<PolicyRef['kind'], string>> = {
  identity: 'identity-based policy',
  boundary: 'permissions boundary',
  session: 'session policy',
  // AWS documents no wording for scope-down policies. Elsewhere it calls such policies session policies.
  'scope-down': 'session policy',
  resource: 'resource-based policy',
  trust: 'role trust policy',
  scp: 'service control policy',
  rcp: 'resource control policy',
  endpoint: 'VPC endpoint policy',
};

const A_POLICY: Readonly<Record<PolicyRef['kind'], string>> = {
  ...Object.fromEntries(Object.entries(POLICY).map(([kind, name]) => [kind, `a ${name}`])),
  identity: 'an identity-based policy',
  trust: 'the role trust policy',
} as Record<PolicyRef['kind'], string>;

/**
 * The order of precedence if several policies do not allow the action: the message names the first of these policies.
 */
const ORDER: readonly PolicyRef['kind'][] = [
  'scp',
  'rcp',
  'endpoint',
  'identity',
  'boundary',
  'session',
  'scope-down',
  'trust',
  'resource',
];
