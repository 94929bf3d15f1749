/** Builds a grant from a role and a selection: fills in parameters and omits actions. Never adds a permission. */
import { defined } from '@leasehold/contract/defined';
import { LONGEST_TAG_VALUE, NAME_ALPHABET, reasonTag, TAG_ALPHABET, textOf } from '@leasehold/contract/text';
import type { Role } from '@leasehold/definitions';
import { matchesParameter } from '@leasehold/definitions';
import { LEASE_ID_TAG, managedArns, parameterTag, permissions, REASON_TAG, roleArn } from '@leasehold/documents';
import { checkSize, insideEnvelope, packedPercent, packsWithin } from '@leasehold/policy';
import type { RequestIdentity } from '../identity';
import { type BrokeredRole, boundValue } from '../rules';
import { attenuable } from './attenuable';
import { type Grant, grantHash } from './grant';
import { narrows } from './narrowing';
import { roleStatements } from './role-statement';

/** The parts of a grant besides its permissions: its lease, its requester and its reason. */
export interface GrantContext extends RequestIdentity {
  readonly lease: string;
  readonly reason: string;
  /** The command that will run with the lease, as stated by the requester. */
  readonly command?: string;
}

/** The part of a role that the requester or the reviewer selected. */
export interface Selection {
  /** Values of the role's free parameters. */
  readonly parameters: Readonly<Record<string, string>>;
  /**
   * A subset of the role's actions. An ARN selects one of the role's managed policies.
   * @default all actions and managed policies of the role
   */
  readonly actions?: readonly string[];
  /**
   * Duration in seconds.
   * @default the role's default duration
   */
  readonly seconds?: number;
}

/**
 * A fault in a selection. The fault is reported to the requester. It is also reported to the reviewer, so that the
 * reviewer can try a second time.
 */
export interface GrantProblem {
  readonly code: 'invalid-request' | 'outside-envelope' | 'too-large';
  /** One sentence. */
  readonly message: string;
}

export type Built =
  | { readonly kind: 'grant'; readonly grant: Grant }
  | { readonly kind: 'refused'; readonly problems: readonly GrantProblem[] };

/** Builds the grant for a selection, or returns every fault in the selection. */
export function buildGrant(context: GrantContext, brokered: BrokeredRole, selection: Selection): Built {
  const { role } = brokered;
  const parameters = fillParameters(context, brokered, selection.parameters);
  const policy = choosePolicy(role, parameters.values, selection.actions);
  const seconds = selection.seconds ?? role.lease.defaultSeconds;
  const problems = [...parameters.problems, ...policy.problems, ...lengthProblems(seconds, role)];
  if (problems.length > 0) return { kind: 'refused', problems };

  const grant = rendered(context, brokered, {
    policy: policy.document,
    ...defined({ managedPolicies: pinned(role, selection.actions) }),
    parameters: parameters.values,
    seconds,
  });
  const refusals = [...sessionProblems(grant), ...envelopeProblems(grant, role), ...sizeProblems(grant)];
  return refusals.length > 0 ? { kind: 'refused', problems: refusals } : { kind: 'grant', grant };
}

/**
 * The reasons why a grant that was built earlier is no longer valid under the current definitions. Checks the role's
 * parameters, maxima and envelope. Compares every other byte with the grant that would be built today for the same
 * people.
 * @param context The lease, and the people as they are now.
 * @param brokered The role as it is now.
 */
export function grantProblems(grant: Grant, context: GrantContext, brokered: BrokeredRole): readonly GrantProblem[] {
  const { role, bindings } = brokered;
  const free = Object.entries(grant.parameters).filter(([name]) => !Object.hasOwn(bindings, name));
  const { values, problems } = fillParameters(context, brokered, Object.fromEntries(free));
  const { policy, seconds } = grant;
  const managedPolicies = pinned(role, grant.managedPolicies?.map(({ arn }) => arn) ?? []);
  const wrong = [...problems, ...lengthProblems(seconds, role)];
  if (wrong.length > 0) return wrong;
  const today = rendered(context, brokered, { policy, ...defined({ managedPolicies }), parameters: values, seconds });
  if (grantHash(today) !== grantHash(grant)) {
    return [
      {
        code: 'outside-envelope',
        message: 'The grant differs from the grant that the broker derives from the request and the definitions.',
      },
    ];
  }
  return envelopeProblems(grant, role);
}

/** Builds a grant around a policy. */
function rendered(
  { lease, requester, subject, reason, command }: GrantContext,
  { role, environment }: BrokeredRole,
  {
    policy,
    managedPolicies,
    parameters,
    seconds,
  }: Pick<Grant, 'policy' | 'managedPolicies' | 'parameters' | 'seconds'>,
): Grant {
  return {
    version: 1,
    project: environment.project,
    environment: environment.name,
    account: environment.account,
    role: role.name,
    roleArn: roleArn(role, environment),
    policy,
    ...defined({ managedPolicies }),
    parameters,
    tags: {
      [LEASE_ID_TAG]: lease,
      [REASON_TAG]: reasonTag(reason),
      requester: requester.name,
      ...defined({ subject: subject?.sub }),
      ...parameterTags(parameters),
    },
    sourceIdentity: requester.name,
    seconds,
    requester: requester.key,
    ...defined({ subject: subject && `${subject.issuer} ${subject.sub}` }),
    reason,
    ...defined({ command }),
  };
}

/** The selected managed policies of the role. `undefined` if there are none. */
function pinned({ managedPolicies = [] }: Role, chosen?: readonly string[]): Grant['managedPolicies'] {
  const kept = managedPolicies.filter(({ arn }) => chosen?.includes(arn) !== false);
  return kept.length === 0 ? undefined : kept.map(({ arn, sha256 = '' }) => ({ arn, sha256 }));
}

/**
 * Limit for the packed size in percent. Leaves space for the `approvers` tag, whose value is known only when the lease
 * is issued.
 */
const PACKED_LIMIT = 80;

function fillParameters(
  { requester, subject }: RequestIdentity,
  brokered: BrokeredRole,
  parameters: Readonly<Record<string, string>>,
) {
  const values: Record<string, string> = {};
  const problems: GrantProblem[] = [];
  const wrong = (message: string) => problems.push({ code: 'invalid-request', message });
  const known = new Set(brokered.role.parameters.map(({ name }) => name));
  for (const name of Object.keys(parameters)) {
    if (!known.has(name)) wrong(`The role has no parameter \`${name}\`.`);
  }
  for (const parameter of brokered.role.parameters) {
    const { name } = parameter;
    const binding = Object.hasOwn(brokered.bindings, name) ? brokered.bindings[name] : undefined;
    const chosen = Object.hasOwn(parameters, name) ? parameters[name] : undefined;
    if (binding !== undefined && chosen !== undefined) {
      wrong(`\`${name}\` comes from \`${binding}\` and cannot be chosen.`);
      continue;
    }
    const value = binding === undefined ? chosen : boundValue(binding, requester, subject);
    if (value === undefined) {
      wrong(binding === undefined ? `\`${name}\` is missing.` : `The request has no \`${binding}\` for \`${name}\`.`);
    } else if (!matchesParameter(parameter, value)) {
      wrong(`The value of \`${name}\` is not permitted by the role.`);
    } else {
      values[name] = value;
    }
  }
  return { values, problems };
}

function choosePolicy(role: Role, values: Readonly<Record<string, string>>, actions: readonly string[] | undefined) {
  const { allow: statements, deny: denied } = roleStatements(role);
  const problems: GrantProblem[] = [];
  for (const action of actions ?? []) {
    if (!statements.some(({ covers }) => covers(action)) && !managedArns(role).includes(action)) {
      problems.push({ code: 'outside-envelope', message: `The role does not allow \`${action}\`.` });
    }
  }
  if (actions?.length === 0) problems.push({ code: 'invalid-request', message: 'No action is chosen.' });
  const allow = statements.flatMap((statement) => {
    const kept = actions === undefined ? statement.actions : [...new Set(actions.filter(statement.covers))].sort();
    return kept.length === 0 ? [] : [{ ...statement.filled(values), actions: kept }];
  });
  // The grant contains all deny statements of the role, regardless of the selection, and they are shown to the
  // approver.
  const deny = denied.map((statement) => ({ ...statement.filled(values), actions: statement.actions }));
  return { document: permissions({ allow, deny }), problems };
}

function lengthProblems(seconds: number, role: Role): readonly GrantProblem[] {
  if (Number.isInteger(seconds) && seconds >= 1 && seconds <= role.lease.maxSeconds) return [];
  return [
    { code: 'invalid-request', message: `A lease of this role lasts from 1 to ${role.lease.maxSeconds} seconds.` },
  ];
}

/**
 * Checks the limits of STS here, before a person is asked. Source:
 * https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html
 */
function sessionProblems({ tags, sourceIdentity }: Grant): readonly GrantProblem[] {
  const wrong = Object.entries(tags).flatMap(([tag, value]) => (TAG_VALUE.test(value) ? [] : [`The tag \`${tag}\``]));
  if (!SOURCE_IDENTITY.test(sourceIdentity)) wrong.push('The source identity');
  return wrong.map((what) => ({
    code: 'invalid-request',
    message: `${what} would contain a character that STS rejects.`,
  }));
}

const TAG_VALUE = textOf(TAG_ALPHABET, 1, LONGEST_TAG_VALUE);
const SOURCE_IDENTITY = textOf(NAME_ALPHABET, 2, 64);

/**
 * The grant is inside the role's envelope by construction. This check verifies it with independent code: first
 * statement by statement, and, if that is inconclusive, with the policy engine.
 */
function envelopeProblems(grant: Grant, role: Role): readonly GrantProblem[] {
  if (narrows(grant.policy, role, grant.parameters)) return [];
  const given = Object.fromEntries(
    Object.entries(parameterTags(grant.parameters)).map(([tag, value]) => [`aws:PrincipalTag/${tag}`, value]),
  );
  const found = insideEnvelope(grant.policy, permissions(role), { given });
  if (found.kind === 'inside') return [];
  const why = found.kind === 'outside' ? found.sentence : found.reason;
  return [{ code: 'outside-envelope', message: `The grant is not shown to be inside the role: ${why}` }];
}

function sizeProblems({ policy, managedPolicies = [], tags }: Grant): readonly GrantProblem[] {
  // The longest form in which the policy is sent to STS.
  const text = JSON.stringify(attenuable(policy));
  const policyArns = managedPolicies.map(({ arn }) => arn);
  const { size, limit, over } = checkSize('session-policy', [text, ...policyArns]);
  const packed = { policies: [text], policyArns, tags };
  const problems: GrantProblem[] = [];
  if (over)
    problems.push({
      code: 'too-large',
      message: `The session policy has ${size} characters; the maximum is ${limit}.`,
    });
  if (!packsWithin(PACKED_LIMIT, packed)) {
    const percent = packedPercent(packed);
    problems.push({
      code: 'too-large',
      message: `The session policy and the tags need about ${percent} % of the space that STS permits for a session.`,
    });
  }
  return problems;
}

function parameterTags(values: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [parameterTag(name), value]));
}
