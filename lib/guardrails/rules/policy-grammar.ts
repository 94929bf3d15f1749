import type { Environment, Path, Role, SourceRange } from '@leasehold/definitions';
import {
  agentBoundary,
  agentTrust,
  alertRegions,
  alertTopicPolicy,
  ask,
  brokerBoundary,
  brokerPermissions,
  brokerTrust,
  eventsTablePolicy,
  hasBroker,
  outcomesBoundary,
  outcomesPermissions,
  outcomesTrust,
  permitted,
  personBoundary,
  personKinds,
  personPermissions,
  personTrust,
  projectionsTablePolicy,
  recordKeyPolicy,
  roleBoundary,
  rolePolicy,
  trailBucketPolicy,
  trust,
} from '@leasehold/documents';
import { type PolicyDocument, PolicyError, type PolicyKind, parsePolicy } from '@leasehold/policy';
import { type EnvironmentGuardrail, pageOf } from '../guardrail';

/** Reports policy documents that AWS would reject at `terraform apply`, with the source position in the definitions. */
export const policyGrammar: EnvironmentGuardrail = {
  id: 'policy-grammar',
  title: 'IAM accepts every document that is deployed',
  severity: 'error',
  page: pageOf('policy-grammar'),
  unwaivable: 'AWS rejects such a document',
  over: 'environment',
  *check({ environment }) {
    for (const { kind, what, document, at } of documentsOf(environment)) {
      const fault = refusal(document, kind);
      if (fault === undefined) continue;
      yield {
        message: `IAM would reject the ${what}: unexpected ${fault.got} at ${placeIn(fault)}.`,
        expected: fault.expected,
        hint: 'Write the value in the expected form, which the IAM user guide describes.',
        at: at(fault),
      };
    }
  },
};

/** A rendered document. */
interface Rendered {
  readonly kind: PolicyKind;
  readonly what: string;
  readonly document: PolicyDocument;
  /** The source position of the invalid value in the definitions. */
  readonly at: (fault: PolicyError) => SourceRange;
}

/** Every policy document in an environment's stack. */
function documentsOf(environment: Environment): readonly Rendered[] {
  return [
    ...environment.roles.flatMap((role) => documentsOfRole(role, environment)),
    ...documentsOfAgents(environment),
    ...(hasBroker(environment) ? documentsOfBroker(environment) : []),
    ...documentsOfAlerts(environment),
  ];
}

function documentsOfRole(role: Role, environment: Environment): readonly Rendered[] {
  const at = () => role.locate(['name']);
  return [
    {
      kind: 'identity',
      what: 'permission policy',
      document: rolePolicy(role),
      at: ({ path }) => role.locate(written(path, role)),
    },
    { kind: 'trust', what: 'trust policy', document: trust(role, environment), at },
    { kind: 'boundary', what: 'boundary', document: roleBoundary(role, environment), at },
  ];
}

function documentsOfAgents(environment: Environment): readonly Rendered[] {
  return environment.agents.flatMap((agent): readonly Rendered[] => {
    const at = () => agent.locate(['agents', agent.name, 'identity']);
    const of = (what: string) => `${what} of agent \`${agent.name}\``;
    const trusted = agentTrust(agent, environment);
    return [
      ...ask(agent, environment).map((document) => ({
        kind: 'identity' as const,
        what: of('permission policy'),
        document,
        at,
      })),
      { kind: 'boundary', what: of('boundary'), document: agentBoundary(agent, environment), at },
      ...(trusted === undefined ? [] : [{ kind: 'trust' as const, what: of('trust policy'), document: trusted, at }]),
    ];
  });
}

function documentsOfBroker(environment: Environment): readonly Rendered[] {
  const at = () => environment.locate(['environments', environment.name]);
  const of = (kind: PolicyKind, what: string, document: PolicyDocument): Rendered => ({ kind, what, document, at });
  return [
    ...brokerPermissions(environment).map((document) => of('identity', 'permission policy of the broker', document)),
    of('boundary', 'boundary of the broker', brokerBoundary(environment)),
    of('trust', 'trust policy of the broker', brokerTrust()),
    of('identity', 'permission policy of the outcomes pipe', outcomesPermissions(environment)),
    of('boundary', 'boundary of the outcomes pipe', outcomesBoundary(environment)),
    of('trust', 'trust policy of the outcomes pipe', outcomesTrust(environment)),
    of('resource', 'policy of the record key', recordKeyPolicy(environment)),
    of('resource', 'policy of the events table', eventsTablePolicy(environment)),
    of('resource', 'policy of the projections table', projectionsTablePolicy(environment)),
    ...personKinds(environment).flatMap((kind) => [
      of('trust', `trust policy of each ${kind}`, personTrust(kind, environment)),
      of('boundary', `boundary of each ${kind}`, personBoundary(kind, environment)),
      ...personPermissions(kind, environment).map((document) =>
        of('identity', `permission policy of each ${kind}`, document),
      ),
    ]),
  ];
}

function documentsOfAlerts(environment: Environment): readonly Rendered[] {
  const { alerts } = environment;
  if (alerts === undefined) return [];
  const of = (what: string, document: PolicyDocument): Rendered => ({
    kind: 'resource',
    what,
    document,
    at: () => environment.locate(['alerts']),
  });
  return [
    ...alertRegions(environment).map((region) =>
      of(`policy of the alert topic in ${region}`, alertTopicPolicy(environment, alerts, region)),
    ),
    ...(alerts.trail === 'create' ? [of("policy of the trail's bucket", trailBucketPolicy(environment))] : []),
  ];
}

function refusal(document: PolicyDocument, kind: PolicyKind): PolicyError | undefined {
  try {
    parsePolicy(document, kind);
    return undefined;
  } catch (error) {
    if (error instanceof PolicyError) return error;
    throw error;
  }
}

function placeIn({ path }: PolicyError): string {
  return `\`${path === '' ? '/' : path}\``;
}

const KEYS: Readonly<Record<string, string>> = { Action: 'actions', Resource: 'resources', Condition: 'conditions' };

/** The path in the role's definition for a value in the permission policy. */
function written(pointer: string, role: Role): Path {
  const [, , index = '', element = '', ...rest] = pointer
    .split('/')
    .map((step) => step.replaceAll('~1', '/').replaceAll('~0', '~'));
  const number = Number(index);
  const denied = number - permitted(role).length;
  const key = KEYS[element];
  const steps = [...(key === undefined ? [] : [key]), ...rest];
  if (number < role.allow.length) return ['allow', number, ...steps];
  return denied >= 0 && denied < role.deny.length ? ['deny', denied, ...steps] : ['name'];
}
