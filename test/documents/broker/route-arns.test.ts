/** Whoever speaks to the broker reaches its routes of their kind, and no call of any other API. */
import { type CallerKind, ROUTES, type Route } from '@leasehold/contract/routes';
import {
  agentBoundary,
  ask,
  brokerStage,
  PERSON_KINDS,
  type PersonKind,
  personBoundary,
  personPermissions,
} from '@leasehold/documents';
import { evaluate, type PolicyDocument, prepare } from '@leasehold/policy';
import * as fc from 'fast-check';
import type { Environment } from '../../../lib/definitions/model';
import { aBrokerEnvironment, aBrokeredRole } from '../../support/broker-environment';

const numRuns = Number(process.env.LEASEHOLD_PROPERTY_RUNS ?? 300);
const environment: Environment = aBrokerEnvironment({ roles: [aBrokeredRole()] });
const STAGE = brokerStage(environment);
const agent = environment.agents.find(({ name }) => name === 'agent');
if (agent === undefined) throw new Error('no agent');

interface Documents {
  readonly identity: readonly PolicyDocument[];
  readonly boundary: PolicyDocument;
}

const OF_PERSON = (kind: PersonKind): Documents => ({
  identity: personPermissions(kind, environment),
  boundary: personBoundary(kind, environment),
});
const DOCUMENTS: Readonly<Record<CallerKind, Documents>> = {
  agent: { identity: ask(agent, environment), boundary: agentBoundary(agent, environment) },
  requester: OF_PERSON('requester'),
  approver: OF_PERSON('approver'),
  administrator: OF_PERSON('administrator'),
};
const KINDS: readonly CallerKind[] = ['agent', ...PERSON_KINDS];

/** By the identity's own policies, and by the boundary with everything attached beneath it. */
function isAllowed(kind: CallerKind, resource: string): readonly boolean[] {
  const { identity, boundary } = DOCUMENTS[kind];
  const everything: PolicyDocument = {
    Version: '2012-10-17',
    Statement: { Effect: 'Allow', Action: '*', Resource: '*' },
  };
  const principal = { kind: 'user', arn: `arn:aws:iam::${environment.account}:user/somebody` } as const;
  const asked = { action: 'execute-api:Invoke', resource, principal, context: {} };
  return [
    evaluate(asked, prepare({ identity })).outcome === 'allowed',
    evaluate(asked, prepare({ identity: [everything], boundary })).outcome === 'allowed',
  ];
}

function arn(api: string, stage: string, method: string, path: string, account = environment.account): string {
  return `arn:aws:execute-api:${environment.region}:${account}:${api}/${stage}/${method}${path}`;
}

const filled = (path: string) => path.replace(/\{[^}]*\}/g, 'lh-00000000000000000000000001');

describe.each(KINDS)('%s', (kind) => {
  it.each(Object.entries<Route>(ROUTES))('reaches the route %s if it is theirs', (_, { method, path, callers }) => {
    const resource = arn('a1b2c3d4e5', STAGE, method, filled(path));
    expect(isAllowed(kind, resource)).toEqual([callers.includes(kind), callers.includes(kind)]);
  });
});

const alphanumeric = (length: object) => fc.stringMatching(/^[a-z0-9]+$/, length).filter((text) => text.length > 0);
const api = fc.stringMatching(/^[a-z0-9]{10}$/);
const method = fc.constantFrom('GET', 'POST', 'PUT', 'DELETE', 'PATCH', 'ANY');
/** What an agent hopes that a `*` swallows. */
const OURS = Object.values<Route>(ROUTES).map(({ method: verb, path }) => `${STAGE}/${verb}${filled(path)}`);
const path = fc
  .array(fc.oneof(fc.constantFrom(...OURS, STAGE, 'leases', 'internal'), alphanumeric({ maxLength: 12 })), {
    maxLength: 5,
  })
  .map((segments) => segments.map((segment) => `/${segment}`).join(''));

it('nobody reaches a call of another stage, account or region, whatever its path says', () => {
  const stage = fc.oneof(
    fc.constantFrom('prod', '$default', `${STAGE}x`, `x${STAGE}`, `${STAGE}-2`, STAGE.toUpperCase()),
    alphanumeric({ maxLength: 20 }),
  );
  void fc.assert(
    fc.property(fc.constantFrom(...KINDS), api, stage, method, path, (kind, id, other, verb, rest) => {
      expect(isAllowed(kind, arn(id, other, verb, rest))).toEqual([false, false]);
      expect(isAllowed(kind, arn(id, STAGE, verb, rest, '999999999999'))).toEqual([false, false]);
      const elsewhere = arn(id, STAGE, verb, rest).replace(environment.region, 'eu-west-1');
      expect(isAllowed(kind, elsewhere)).toEqual([false, false]);
    }),
    { numRuns },
  );
});

it('of the own stage nobody reaches what the route table does not give them', () => {
  let reached = 0;
  const route = fc.constantFrom(
    ...Object.values<Route>(ROUTES).map((each) => [each.method, filled(each.path)] as const),
  );
  const request = fc.oneof(route, fc.tuple(method, path));
  void fc.assert(
    fc.property(fc.constantFrom(...KINDS), api, request, (kind, id, [verb, rest]) => {
      // A parameter of a path is a `*`, which also stands for more segments: calls that the API has no route for.
      const theirs = Object.values<Route>(ROUTES).some(
        (each) =>
          each.callers.includes(kind) &&
          each.method === verb &&
          new RegExp(`^${each.path.replace(/\{[^}]*\}/g, '.*')}$`).test(rest),
      );
      reached += theirs ? 1 : 0;
      expect(isAllowed(kind, arn(id, STAGE, verb, rest))).toEqual([theirs, theirs]);
    }),
    { numRuns },
  );
  expect(reached).toBeGreaterThan(0);
});
