/** The caller of a verified request, and the policies that apply to the caller. */

import { defined } from '@leasehold/contract/defined';
import type { PolicyDocument } from '@leasehold/policy';
import {
  type Policies,
  type Policy,
  type PolicyKind,
  type Principal,
  parsePolicy,
  sessionArn,
} from '@leasehold/policy';
import type { Account, Role, User } from '../account/model';
import type { Cloud } from '../cloud';
import { AuthRefusal } from '../sigv4/refusal';
import type { Signature } from '../sigv4/signature';
import type { Session } from './sessions';

/** A user with a long-term key or a session, or a role session. */
export type Caller =
  | {
      readonly kind: 'user';
      readonly account: Account;
      readonly user: User;
      readonly accessKeyId: string;
      readonly session?: Session;
    }
  | {
      readonly kind: 'role';
      readonly account: Account;
      readonly role: Role;
      readonly accessKeyId: string;
      readonly session: RoleSession;
    };

/** A role session. A role session always has a name. */
export type RoleSession = Session & { readonly sessionName: string };

/**
 * The caller whose key id is in a signature, and the secret for verifying the signature. The signature has not been
 * verified yet.
 * @throws {AuthRefusal} if the key does not exist, the token does not belong to the key, or the session has ended.
 */
export function claimedCaller(
  signature: Pick<Signature, 'accessKeyId' | 'sessionToken'>,
  cloud: Cloud,
): { readonly caller: Caller; readonly secret: string } {
  const { accessKeyId, sessionToken } = signature;
  const key = cloud.keys.find(accessKeyId);
  if (key) {
    if (sessionToken !== undefined) throw new AuthRefusal('wrong-token');
    const account = cloud.accounts.get(key.owner.account);
    const user = account?.users.get(key.owner.userName);
    if (!account || !user) throw new AuthRefusal('unknown-key');
    return { caller: { kind: 'user', account, user, accessKeyId }, secret: key.secret };
  }
  if (sessionToken === undefined) throw new AuthRefusal('unknown-key');
  const opened = cloud.sessions.open(accessKeyId, sessionToken);
  if (!opened) throw new AuthRefusal('wrong-token');
  if (cloud.clock.now() >= opened.expiresAt * 1000) throw new AuthRefusal('expired-token');
  return { caller: sessionCaller(opened, cloud), secret: cloud.sessions.secret(accessKeyId) };
}

function sessionCaller(session: Session, cloud: Cloud): Caller {
  const { accessKeyId, principalName, principalId } = session;
  const account = cloud.accounts.get(session.account);
  const user = session.of === 'user' ? account?.users.get(principalName) : undefined;
  if (account && user?.id === principalId) return { kind: 'user', account, user, accessKeyId, session };
  const role = session.of === 'role' ? account?.roles.get(principalName) : undefined;
  if (account && role?.id === principalId && isNamed(session)) {
    return { kind: 'role', account, role, accessKeyId, session };
  }
  throw new AuthRefusal('wrong-token');
}

function isNamed(session: Session): session is RoleSession {
  return session.sessionName !== undefined;
}

/** The caller's ARN, as it appears in AWS's messages: the ARN of the user or session. */
export function callerArn(caller: Caller): string {
  return caller.kind === 'user' ? caller.user.arn : sessionArn(caller.role.arn, caller.session.sessionName);
}

/**
 * The value of `aws:userid`:
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html#principaltable
 */
export function callerId(caller: Caller): string {
  return caller.kind === 'user' ? caller.user.id : `${caller.role.id}:${caller.session.sessionName}`;
}

/** The caller as a principal of the policy engine. */
export function principalOf(caller: Caller): Principal {
  return caller.kind === 'user'
    ? { kind: 'user', arn: caller.user.arn }
    : { kind: 'session', roleArn: caller.role.arn, sessionName: caller.session.sessionName };
}

/** The policies that apply to the caller. Each policy has a name for the log. */
export interface Binding {
  readonly policies: Policies;
  /** Names of `policies.identity`, in order. */
  readonly names: readonly string[];
}

/** All policies that apply to the caller's requests. */
export function bindingOf(caller: Caller): Binding {
  const identity = caller.kind === 'user' ? caller.user : caller.role;
  const whose = caller.session ?? identity;
  const { policyChanges } = caller.account;
  const known = bindings.get(whose);
  if (known !== undefined && caller.session?.keepsPolicies) return known.binding;
  if (known?.identity === identity && known.policyChanges === policyChanges) return known.binding;
  const binding = gather(caller);
  bindings.set(whose, { identity, binding, policyChanges });
  return binding;
}

/**
 * A cache whose keys are user, role and session objects. These objects are replaced, never changed. A session outlives
 * changes to its user or role, and attached policies can be replaced. Therefore an entry is used only while the
 * identity object and all policies are unchanged.
 */
const bindings = new WeakMap<
  object,
  { readonly identity: User | Role; readonly binding: Binding; readonly policyChanges: number }
>();

function gather(caller: Caller): Binding {
  const { account } = caller;
  const identity = caller.kind === 'user' ? caller.user : caller.role;
  const inline = [...identity.inline].map(([name, document]) => ({ name: `inline policy ${name}`, document }));
  const attached = identity.attached.map((arn) => ({ name: arn, document: account.document(arn) }));
  const own = [...inline, ...attached];
  const session = caller.kind === 'role' ? sessionPolicies(caller.session, account) : undefined;
  const scopeDown = caller.session?.scopeDown?.map((text) => parsePolicy(text, 'session'));
  return {
    names: own.map(({ name }) => name),
    policies: {
      identity: own.map(({ document }) => parsed(document, 'identity')),
      ...(identity.boundary === undefined ? {} : { boundary: parsed(account.document(identity.boundary), 'boundary') }),
      ...defined({ session, scopeDown }),
    },
  };
}

function sessionPolicies({ policy, policyArns }: Session, account: Account): readonly Policy[] | undefined {
  if (policy === undefined && policyArns === undefined) return undefined;
  return [
    ...(policy === undefined ? [] : [parsePolicy(policy, 'session')]),
    ...(policyArns ?? []).map((arn) => parsed(account.document(arn), 'session')),
  ];
}

/** Parses each document only once, because a document never changes: it can only be replaced. */
export function parsed(document: PolicyDocument, kind: PolicyKind): Policy {
  const kinds = ready.get(document) ?? new Map<PolicyKind, Policy>();
  ready.set(document, kinds);
  const known = kinds.get(kind);
  if (known) return known;
  const policy = parsePolicy(document, kind);
  kinds.set(kind, policy);
  return policy;
}

const ready = new WeakMap<PolicyDocument, Map<PolicyKind, Policy>>();
