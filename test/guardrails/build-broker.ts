/** The broker of a case, whom it knows, and what roles say to it. */
import { defined } from '@leasehold/contract/defined';
import type {
  Broker,
  BrokerRules,
  Budget,
  Environment,
  Locate,
  Principal,
  Reviewer,
  TokenIssuer,
} from '../../lib/definitions/model';
import { type PeopleContext, resolvePeople } from '../../lib/definitions/resolve-people';
import type { ConsoleYaml, PeopleYaml } from '../../lib/definitions/schema-people';

export type One<T> = T | readonly T[];

export interface ApprovalYaml {
  readonly humans?: number;
  readonly window?: string;
}

export interface BrokerYaml {
  readonly reviewer?: { readonly provider: Reviewer['provider']; readonly endpoint?: string };
  readonly budgets?: Readonly<Partial<Record<'requests' | 'denials', { limit?: number; window?: string }>>>;
  readonly approval?: ApprovalYaml;
  readonly hours?: Broker['hours'];
  readonly revoke?: NonNullable<Broker['revoke']>;
  readonly subjects?: readonly {
    issuer: string;
    audiences?: One<string>;
    claims?: One<string>;
    jwks?: string;
    tokenUse?: NonNullable<TokenIssuer['tokenUse']>;
  }[];
  readonly people?: PeopleYaml;
  readonly console?: ConsoleYaml;
  readonly environments?: readonly string[];
}

export interface PrincipalYaml {
  readonly type?: Principal['kind'];
  readonly name: string;
  readonly groups?: One<string>;
  readonly administrator?: boolean;
  readonly user?: string;
  readonly policy?: string;
  readonly signIn?: string | false;
}

/** What a role says to the broker. */
export interface RulesYaml {
  readonly agents?: One<string>;
  readonly approval?: ApprovalYaml;
  readonly reviewer?: BrokerRules['reviewer'];
  readonly eligible?: { readonly agents?: One<string>; readonly groups?: One<string> };
}

export function approvalOf({ humans = 1, window = '30m' }: ApprovalYaml = {}): Environment['approval'] {
  return { humans, windowSeconds: seconds(window) };
}

export function brokerOf(
  { reviewer, budgets, hours, revoke, subjects = [], people, console }: BrokerYaml,
  locate: Locate,
): Broker {
  const budget = (yaml: { limit?: number; window?: string } = {}, limit = 0): Budget => ({
    limit: yaml.limit ?? limit,
    windowSeconds: seconds(yaml.window ?? '1h'),
  });
  return {
    ...(reviewer === undefined
      ? {}
      : {
          reviewer: {
            model: 'm',
            endpoint: 'https://models.example.com',
            key: true,
            timeoutSeconds: 10,
            ...reviewer,
          } as Reviewer,
        }),
    budgets: { requests: budget(budgets?.requests, 60), denials: budget(budgets?.denials, 10) },
    ...defined({
      hours,
      revoke,
      people: people && resolvePeople(people, AS_WRITTEN),
      console: console && { domain: console.domain, certificateArn: console.certificate },
    }),
    subjects: subjects.map(({ issuer, audiences = 'app', claims, jwks = `${issuer}/keys`, tokenUse }) => ({
      issuer,
      audiences: many(audiences),
      ...defined({ tokenUse }),
      algorithm: 'RS256',
      jwksUri: jwks,
      claims: many(claims ?? []),
    })),
    locate,
  };
}

/** Values of people are taken as they are written. */
const AS_WRITTEN: PeopleContext = {
  environment: {
    project: 'hermes',
    name: 'dev',
    account: '123456789012',
    region: 'eu-west-1',
    partition: 'aws',
  },
  projectIsWhole: true,
  put: (text) => text,
  address: (text) => text,
  exact: (text) => text,
  complain: (path, { message }) => {
    throw new Error(`${path.join('.')}: ${message}`);
  },
};

export function principalOf(
  { type = 'person', name, groups = [], administrator = false, user, policy = '', signIn }: PrincipalYaml,
  locate: Locate,
): Principal {
  const userArn = user ?? `arn:aws:iam::123456789012:user/${name}`;
  return {
    kind: type,
    name,
    groups: many(groups),
    administrator,
    ...(type === 'person' ? { userArn } : {}),
    ...defined({ signIn }),
    policy: policy.trim(),
    locate,
  };
}

export function rulesOf(
  { approval: own, reviewer, eligible, agents }: RulesYaml,
  home: Pick<Environment, 'agents' | 'approval' | 'broker'>,
): BrokerRules {
  const { approval, broker } = home;
  const askers = [...many(agents ?? home.agents.map(({ name }) => name))].sort();
  return {
    humans: own?.humans ?? approval.humans,
    windowSeconds: own?.window ? seconds(own.window) : approval.windowSeconds,
    reviewer: reviewer ?? (broker?.reviewer ? 'advise' : 'off'),
    eligible: eligible
      ? { agents: many(eligible.agents ?? []), groups: many(eligible.groups ?? []) }
      : { agents: askers, groups: [] },
  };
}

export function seconds(duration: string): number {
  const [, count, unit] = /^(\d+)([smh])$/.exec(duration) ?? [];
  return Number(count) * (unit === 'h' ? 3600 : unit === 'm' ? 60 : 1);
}

export function many<T>(value: One<T>): readonly T[] {
  return Array.isArray(value) ? (value as readonly T[]) : [value as T];
}
