/** Formats the results of a comparison as sentences. */
import { listInWords } from '@leasehold/contract/text';
import type { Principal, Request } from '../evaluate/request';
import type { Confirmed, Outcome } from './witness';

/** The witness as one sentence. */
export function sentenceOf({ request, setting, before }: Confirmed): string {
  const { identity, resource, trust } = setting.documents;
  const named = setting.policies.identity !== undefined;
  const who = named ? ` by ${whoOf(request.principal)}` : '';
  const given = [
    ...(identity === undefined ? [] : ["the caller's own policies allow everything"]),
    ...(resource === undefined && trust === undefined ? [] : ["the resource's policy grants the caller access"]),
  ];
  const where = given.length === 0 ? '' : `, where ${given.join(' and ')}`;
  return `${request.action} on ${request.resource}${who}${contextOf(request)} is allowed after and was ${before.outcome} before${where}.`;
}

export const BOUNDARY_DROPPED =
  'Because the caller had a boundary, a deny with NotPrincipal in a resource policy applied to the caller. Without the boundary, this deny no longer applies.';

/** The reason why nothing was proven. */
export function reasonOf(left: readonly Outcome[], overBudget: boolean): string {
  const parts = overBudget ? ['The comparison exceeded its step limit.'] : [];
  const unlisted = new Set(left.flatMap((outcome) => (outcome.kind === 'no-action' ? outcome.patterns : [])));
  if (unlisted.size > 0) {
    parts.push(
      `${listInWords([...unlisted], { most: 5 })} may match actions that were not permitted before, but AWS lists none of them today.`,
    );
  }
  for (const outcome of left) {
    if (outcome.kind !== 'unconfirmed') continue;
    const { example } = outcome;
    const what = example === undefined ? 'Something' : `${example.action} on ${example.resource ?? 'the resource'}`;
    parts.push(`${what} may be newly permitted, but no example request was found.`);
    break;
  }
  return parts.join(' ');
}

function contextOf({ context }: Request): string {
  const facts = Object.entries(context).map(([key, values]) => {
    const list = typeof values === 'string' ? [values] : values;
    return `${key} = ${list.map((value) => JSON.stringify(value)).join(' and ')}`;
  });
  return facts.length === 0 ? '' : ` with ${listInWords(facts, { most: 5 })}`;
}

function whoOf(principal: Principal): string {
  switch (principal.kind) {
    case 'user':
    case 'federated-user':
      return principal.arn;
    case 'session':
      return `session ${principal.sessionName} of ${principal.roleArn}`;
    case 'root':
      return `the root user of ${principal.account}`;
    case 'service':
      return principal.name;
    case 'web-identity':
    case 'saml':
      return `a bearer of a token of ${principal.provider}`;
    case 'anonymous':
      return 'anybody';
  }
}
