/** Whether a grant stays inside its role, and whether it can do one thing: asked of the policy engine. */

import { permissions, roleBoundary, rolePolicy } from '@leasehold/documents';
import { evaluate, insideEnvelope, many, prepare } from '@leasehold/policy';
import type { Validated } from '../../../lib/broker/verdict/validate';
import type { Harm } from './cases';

type Granted = Extract<Validated, { kind: 'grant' }>;

/** Whether somebody with one policy, whom nothing else limits, could do it. */
export function couldDo(policy: unknown, { action, resource, context = {}, beside = {} }: Harm): boolean {
  const principal = {
    kind: 'session',
    roleArn: 'arn:aws:iam::210987654321:role/anything',
    sessionName: 'lh-1',
  } as const;
  const policies = prepare({ identity: [policy], ...beside });
  return evaluate({ action, resource, principal, context }, policies).outcome === 'allowed';
}

/** Holds a grant against its role: inside the envelope, for no longer, with the tags that it has to have and no others. */
export function expectInside({ grant, brokered }: Granted): void {
  const { role } = brokered;
  expect(grant.role).toBe(role.name);
  expect(insideEnvelope(grant.policy, permissions(role), { given: tagsOf(grant) })).toEqual({ kind: 'inside' });
  expect(grant.seconds).toBeLessThanOrEqual(role.lease.maxSeconds);
  expect(JSON.stringify(many(grant.policy.Statement))).not.toContain('${');
  expect(Object.keys(grant.parameters).sort()).toEqual(role.parameters.map(({ name }) => name).sort());
  const subject = grant.subject === undefined ? [] : ['subject'];
  const tags = [
    'lease-id',
    'reason',
    'requester',
    ...subject,
    ...Object.keys(grant.parameters).map((name) => `param.${name}`),
  ];
  expect(Object.keys(grant.tags).sort()).toEqual(tags.sort());
}

/** Whether a session of the grant could do things: by its session policy, by the role as deployed, and by the boundary. */
export function sessionOf({ grant, brokered }: Granted): (harm: Harm) => boolean {
  const documents = { identity: [rolePolicy(brokered.role)], session: [grant.policy], boundary: roleBoundary() };
  const alone = prepare(documents);
  const principal = { kind: 'session', roleArn: grant.roleArn, sessionName: grant.tags['lease-id'] ?? '' } as const;
  const tags = tagsOf(grant);
  return ({ action, resource, context = {}, beside }) => {
    const policies = beside === undefined ? alone : prepare({ ...documents, ...beside });
    return evaluate({ action, resource, principal, context: { ...tags, ...context } }, policies).outcome === 'allowed';
  };
}

function tagsOf({ tags }: Granted['grant']): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(tags).map(([tag, value]) => [`aws:PrincipalTag/${tag}`, value]));
}
