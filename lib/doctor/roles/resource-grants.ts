/** Finds resource policies that grant access to identities of the stack, or to everybody. */
import type { Environment } from '@leasehold/definitions';
import { alertTopicArn } from '@leasehold/documents';
import { many, type PolicyDocument, parseArn, type Statement } from '@leasehold/policy';
import { recordKeyId } from '../broker/record-key';
import { ANY_SESSION, generously, grants, type KnownCaller, parsedDocument, sessionsNamed } from '../live/grants';
import { type ResourcePolicy, resourcePolicies } from '../live/resource-policies';
import { observeEach } from '../unread';
import type { AccountContext, AccountVerification, Damage, DamageSeverity } from '../verification';
import { type DeployedRoleOrUser, deployedIdentities } from './deployed-identities';

export const resourceGrants: AccountVerification = {
  id: 'resource-grants',
  part: 'roles',
  severity: 'high',
  title: 'No policy of a resource grants access to an identity of the stack, or to everybody',
  why: "Within one account, the resource policy of a bucket, key, secret, queue, topic, function or repository grants access by itself, even access that the role's own policies do not allow. Even the session policy does not limit access that such a policy grants to a session.",
  verify: async (context) => {
    const { environment, live } = context;
    const identities = deployedIdentities(environment);
    const own = await verifiedElsewhere(context);
    const { resources, unchecked } = await resourcePolicies(live.aws, environment);
    const observed = await observeEach(
      resources.filter(({ arn }) => !own.includes(arn)),
      ({ arn }) => arn,
      async (resource) => {
        const text = await resource.read();
        return text ? damagesOf(resource, text, identities, environment) : [];
      },
    );
    return [...unchecked, ...observed];
  },
};

/**
 * ARNs of the stack's own resources whose policies other verifications compare with the deployed policies. Only the
 * topic in the environment's region is included, because `resourcePolicies` reads only this region.
 */
async function verifiedElsewhere(context: AccountContext): Promise<readonly string[]> {
  const { environment } = context;
  const { partition, region, account, alerts, broker } = environment;
  const key = broker === undefined ? undefined : await recordKeyId(context);
  return [
    ...(alerts === undefined ? [] : [alertTopicArn(environment, region)]),
    ...(key === undefined ? [] : [`arn:${partition}:kms:${region}:${account}:key/${key}`]),
  ];
}

function damagesOf(
  { arn }: ResourcePolicy,
  text: string,
  identities: readonly DeployedRoleOrUser[],
  environment: Environment,
): readonly Damage[] {
  const document = parsedDocument(text);
  const hint = 'Remove the statement. Put permissions that a role needs into the definition of the role.';
  if (document === undefined) {
    return [
      {
        kind: 'damage',
        place: arn,
        severity: 'medium',
        message: 'The policy cannot be read.',
        hint: 'Read it by hand.',
      },
    ];
  }
  return many(document.Statement).flatMap((statement) => {
    const found = isTopicOfOwner(arn, statement, environment)
      ? undefined
      : granted(statement, document, identities, environment);
    if (found === undefined) return [];
    const { whom, severity, conditional } = found;
    const sid = statement.Sid === undefined ? 'A statement' : `The statement ${statement.Sid}`;
    return [
      {
        kind: 'damage',
        place: arn,
        severity: conditional ? 'medium' : severity,
        message: `${sid} grants ${actionsOf(statement)} to ${whom}${conditional ? ', under a condition' : ''}.`,
        hint,
      },
    ];
  });
}

interface Granted {
  readonly whom: string;
  readonly severity: DamageSeverity;
  readonly conditional: boolean;
}

/**
 * The identities of the stack to which a statement grants access, or everybody; `undefined` if the statement grants no
 * such access.
 */
function granted(
  statement: Statement,
  { Version }: PolicyDocument,
  identities: readonly DeployedRoleOrUser[],
  environment: Environment,
): Granted | undefined {
  if (statement.Effect !== 'Allow') return undefined;
  const { Sid: _sid, Action: _, NotAction: __, Resource: ___, NotResource: ____, ...who } = statement;
  const probe: PolicyDocument = {
    ...(Version === undefined ? {} : { Version }),
    Statement: [{ ...who, Action: PROBE, Resource: '*' }],
  };
  const resource = `arn:${environment.partition}:sqs:${environment.region}:${environment.account}:leasehold-probe`;
  const reaches = (caller: KnownCaller) =>
    grants({ resource: generously(probe, caller) }, PROBE, resource, caller) !== 'not granted';
  const conditional = statement.Condition !== undefined;
  if (reaches({ principal: { kind: 'anonymous' }, context: {} })) {
    return { whom: 'everybody', severity: 'high', conditional };
  }
  for (const identity of identities) {
    for (const sessionName of [...sessionsNamed(statement, identity), undefined]) {
      if (!reaches(callerFor(identity, sessionName))) continue;
      return sessionName === undefined
        ? { whom: identity.arn, severity: 'high', conditional }
        : { whom: `the session ${sessionName} of ${identity.arn}`, severity: 'critical', conditional };
    }
  }
  return undefined;
}

/** A placeholder action. Used when only the principal of a statement is relevant. */
const PROBE = 'sqs:SendMessage';

/**
 * Whether a statement of a topic permits everybody on condition that the owner is this account, which means only this
 * account. SNS topics have such a statement by default. A statement that names a principal grants to that principal, and
 * other services do not have the key. Source:
 * https://docs.aws.amazon.com/sns/latest/dg/sns-access-policy-use-cases.html
 */
function isTopicOfOwner(arn: string, { Condition, Principal }: Statement, { account }: Environment): boolean {
  if (parseArn(arn)?.service !== 'sns' || !isEverybody(Principal)) return false;
  const keys = Object.entries(Condition?.StringEquals ?? {});
  return keys.some(([key, values]) => /^aws:sourceowner$/i.test(key) && many(values).every((each) => each === account));
}

/** Whether a principal is `*` or `{ "AWS": "*" }`. */
function isEverybody(principal: Statement['Principal']): boolean {
  if (typeof principal !== 'object') return principal === '*';
  return Object.keys(principal).length === 1 && many(principal.AWS ?? []).join() === '*';
}

function callerFor({ kind, arn }: DeployedRoleOrUser, sessionName = ANY_SESSION): KnownCaller {
  return {
    principal: kind === 'user' ? { kind, arn } : { kind: 'session', roleArn: arn, sessionName },
    context: {},
  };
}

function actionsOf({ Action, NotAction }: Statement): string {
  const few = (actions: readonly string[]) =>
    `${actions.slice(0, 3).join(', ')}${actions.length > 3 ? ` and ${actions.length - 3} more` : ''}`;
  return Action === undefined ? `everything but ${few(many(NotAction))}` : few(many(Action));
}
