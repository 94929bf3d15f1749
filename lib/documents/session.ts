/** The STS session settings of a lease. IAM can require these settings, and CloudTrail records them. */
import type { Parameter, Role } from '@leasehold/definitions';

/** Session tag with the lease id. The session name must equal the lease id. */
export const LEASE_ID_TAG = 'lease-id';
/** Prefix of every lease id. */
export const LEASE_ID_PREFIX = 'lh-';
/** Session tag with the reason. */
export const REASON_TAG = 'reason';
/** Minimum length, in characters, of a reason that IAM accepts. */
export const REASON_MINIMUM = 10;
/**
 * Session tags that only the broker may set: the requester, the approvers, and the end user on whose behalf the
 * requester acts.
 */
export const BROKER_TAGS: readonly string[] = ['requester', 'approvers', 'subject'];

/** Session tag with a parameter's value. */
export function parameterTag(parameter: Parameter | string): string {
  return `param.${typeof parameter === 'string' ? parameter : parameter.name}`;
}

/** The policy variable for a parameter's value in a deployed policy. */
export function parameterVariable(name: string): string {
  return `\${aws:PrincipalTag/${parameterTag(name)}}`;
}

/** The session tags that every lease of a role must have. */
export function requiredTags(role: Role): readonly string[] {
  return [LEASE_ID_TAG, REASON_TAG, ...role.parameters.map(parameterTag)];
}

const PARAMETER = /\$\{param\.([^}]*)\}/g;

/** The placeholder for the lease's own id in a template. */
export const LEASE_ID_TEMPLATE = '${lease.id}';

/**
 * Converts a template of the definitions for IAM: `${param.x}` becomes `${aws:PrincipalTag/param.x}`. `${lease.id}` becomes
 * the variable for the tag with the lease id, which is also the session's name.
 */
export function deployedTemplate(template: string): string {
  return template
    .replaceAll(LEASE_ID_TEMPLATE, `\${aws:PrincipalTag/${LEASE_ID_TAG}}`)
    .replace(PARAMETER, (_, name: string) => parameterVariable(name));
}

/** Splits a template into literal texts and parameters, in the order written. */
export function templateParts(template: string): readonly ({ text: string } | { parameter: string })[] {
  const parts: ({ text: string } | { parameter: string })[] = [];
  let from = 0;
  for (const match of template.matchAll(PARAMETER)) {
    if (match.index > from) parts.push({ text: template.slice(from, match.index) });
    parts.push({ parameter: match[1] ?? '' });
    from = match.index + match[0].length;
  }
  if (from < template.length) parts.push({ text: template.slice(from) });
  return parts;
}
