/** What a lease puts on its STS session, so that IAM can demand it and CloudTrail records it. */
import type { Parameter, Role } from '@leasehold/definitions';

/** Session tag that holds the lease id; the session's name must equal it. */
export const LEASE_ID_TAG = 'lease-id';
/** Every lease id begins so. */
export const LEASE_ID_PREFIX = 'lh-';
/** Session tag that holds the reason. */
export const REASON_TAG = 'reason';
/** Fewest characters of a reason that IAM lets through. */
export const REASON_MINIMUM = 10;
/** Session tags that only the broker may set: who asked, who approved, on whose behalf. */
export const BROKER_TAGS: readonly string[] = ['requester', 'approvers', 'subject'];

/** Session tag that holds a parameter's value. */
export function parameterTag(parameter: Parameter | string): string {
  return `param.${typeof parameter === 'string' ? parameter : parameter.name}`;
}

/** The policy variable that stands for a parameter's value in a deployed policy. */
export function parameterVariable(name: string): string {
  return `\${aws:PrincipalTag/${parameterTag(name)}}`;
}

/** The session tags that every lease of a role must carry. */
export function requiredTags(role: Role): readonly string[] {
  return [LEASE_ID_TAG, REASON_TAG, ...role.parameters.map(parameterTag)];
}

const PARAMETER = /\$\{param\.([^}]*)\}/g;

/** The lease's own id in a template. */
export const LEASE_ID_TEMPLATE = '${lease.id}';

/**
 * A template of the definitions as IAM reads it: `${param.x}` becomes `${aws:PrincipalTag/param.x}`, and `${lease.id}` the
 * tag that holds the id, which is the session's name.
 */
export function deployedTemplate(template: string): string {
  return template
    .replaceAll(LEASE_ID_TEMPLATE, `\${aws:PrincipalTag/${LEASE_ID_TAG}}`)
    .replace(PARAMETER, (_, name: string) => parameterVariable(name));
}

/** A template's literal text between its parameters, and the parameters, in the order written. */
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
