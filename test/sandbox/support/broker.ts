/** An environment with a broker, and people who speak to it. */
import type { Broker, Environment, Principal } from '../../../lib/definitions/model';
import { anEnvironment, aReleaseRole } from '../../support/environment';

const { locate } = anEnvironment();

/** A broker without a reviewer. */
export function aBroker(overrides: Partial<Broker> = {}): Broker {
  const budget = { limit: 1000, windowSeconds: 3600 };
  return { budgets: { requests: budget, denials: budget }, subjects: [], locate, ...overrides };
}

/** A person whose IAM user lies at `/people/`. */
export function aPerson(name: string, overrides: Partial<Principal> = {}): Principal {
  const userArn = `arn:aws:iam::123456789012:user/people/${name}`;
  return { kind: 'person', name, groups: ['staff'], administrator: false, userArn, policy: '', locate, ...overrides };
}

/** A role that the broker opens for `agent` and for the group `staff`, without a human or a reviewer. */
export const BROKERED = aReleaseRole({
  gates: ['broker'],
  broker: { humans: 0, windowSeconds: 600, reviewer: 'off', eligible: { agents: ['agent'], groups: ['staff'] } },
});

/** `alice` asks, `root` administers, `lead` and `oncall` approve; `lead` is of the principals, too. */
export function aBrokeredEnvironment(overrides: Partial<Environment> = {}): Environment {
  return anEnvironment({
    roles: [BROKERED],
    broker: aBroker(),
    principals: [aPerson('alice'), aPerson('lead'), aPerson('root', { administrator: true })],
    ...overrides,
  });
}
