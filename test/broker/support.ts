/** A broker-gated role, people, and leases on their way, for tests that override only what they speak of. */
import type { Grant } from '../../lib/broker/grant/grant';
import type { Requester } from '../../lib/broker/identity';
import { type EventBody, type LeaseEvent, nextEvent } from '../../lib/broker/lease/event';
import { append, type FoldedLease, fold } from '../../lib/broker/lease/fold';
import type { BrokeredRole } from '../../lib/broker/rules';
import type { Offer } from '../../lib/broker/verdict/validate';
import { anEnvironment, aReleaseRole } from '../support/environment';

export const AGENT: Requester = {
  kind: 'agent',
  name: 'hermes',
  key: '123456789012 user/agents/hermes-dev-agent',
  groups: [],
};

export const ALICE: Requester = {
  kind: 'person',
  name: 'alice',
  key: '123456789012 role/approver/alice',
  groups: ['staff'],
};

/** Role `s3-deploy`, which uploads under one release; one human must say yes. */
export function aBrokeredRole(overrides: Partial<BrokeredRole> = {}): BrokeredRole {
  return {
    role: aReleaseRole({ gates: ['broker'], lease: { defaultSeconds: 600, maxSeconds: 900 } }),
    environment: anEnvironment(),
    humans: 1,
    window: 1800,
    reviewer: 'advise',
    eligible: { agents: ['hermes'], groups: ['staff'] },
    bindings: {},
    ...overrides,
  };
}

/** The agent asks for release 1.4.2. */
export function anOffer(overrides: Partial<Offer> = {}): Offer {
  return {
    lease: 'lh-1',
    requester: AGENT,
    reason: 'Upload release 1.4.2 to the deploy bucket',
    asked: { by: 'role', role: 's3-deploy', parameters: { release: '1.4.2' } },
    roles: [aBrokeredRole()],
    ...overrides,
  };
}

export function aGrant(overrides: Partial<Grant> = {}): Grant {
  return {
    version: 1,
    project: 'hermes',
    environment: 'dev',
    account: '123456789012',
    role: 's3-deploy',
    roleArn: 'arn:aws:iam::123456789012:role/leasehold/hermes-dev/hermes-dev-s3-deploy',
    policy: {
      Version: '2012-10-17',
      Statement: { Effect: 'Allow', Action: 's3:PutObject', Resource: 'arn:aws:s3:::hermes-dev-deploy/1.4.2/*' },
    },
    parameters: { release: '1.4.2' },
    tags: { 'lease-id': 'lh-1', reason: 'Upload release 1.4.2', requester: 'hermes', 'param.release': '1.4.2' },
    sourceIdentity: 'hermes',
    seconds: 600,
    requester: AGENT.key,
    reason: 'Upload release 1.4.2',
    ...overrides,
  };
}

export const REQUESTED: EventBody = { type: 'requested', requester: AGENT, asked: { role: 's3-deploy' } };

/** Two approvers, of whom `humans` must say yes within half an hour. */
export function proposed(humans: number, grant: Grant = aGrant(), until = 1800): EventBody {
  return { type: 'proposed', grant, humans, approvers: ['lead', 'oncall', 'hermes'], until };
}

/** The events with these bodies, each a second after the one before, or at the time it names. */
export function eventsOf(...bodies: readonly (EventBody | readonly [number, EventBody])[]): readonly LeaseEvent[] {
  const events: LeaseEvent[] = [];
  for (const each of bodies) {
    const [at, body] = isTimed(each) ? each : [(events.at(-1)?.at ?? -1) + 1, each];
    events.push(nextEvent('lh-1', events.at(-1), at, body));
  }
  return events;
}

/** The lease that these bodies make. */
export function leaseOf(...bodies: readonly (EventBody | readonly [number, EventBody])[]): FoldedLease {
  return fold(eventsOf(...bodies));
}

/** The lease after one more thing. */
export function then(lease: FoldedLease, at: number, body: EventBody): FoldedLease {
  return append(lease, nextEvent(lease.id, lease.last, at, body));
}

function isTimed(each: EventBody | readonly [number, EventBody]): each is readonly [number, EventBody] {
  return Array.isArray(each);
}
