/** Statements and the `Principal` element. UG is https://docs.aws.amazon.com/IAM/latest/UserGuide */
import { many, type PolicyDocument, type PolicyKind, type PrincipalBlock, type Statement } from '@leasehold/policy';
import { type Answer, all, answer, any, not } from './answer';
import type { Caller, ContextKeys } from './caller';
import { conditionHolds } from './conditions';
import { actionMatches, completed, notResourceMatches, resourceMatches } from './patterns';

/** A request in front of one policy. */
export interface Asked {
  readonly action: string;
  readonly resource: string;
  readonly principalKind: string;
  /** The name of a service, or the provider of a token. */
  readonly principalName: string | undefined;
  readonly caller: Caller;
  readonly context: ContextKeys;
  readonly bounded: boolean;
  readonly kind: PolicyKind;
  readonly version: '2012-10-17' | '2008-10-17';
}

/** As whom a policy names the caller: which implicit denials bind depends on it (see decide.ts). */
export type Naming = 'self' | 'everybody' | 'origin' | 'account' | 'implied';

/** A policy in front of a request: whether it denies, and as whom its Allow statements name the caller. */
export type Finding = { readonly denies: boolean; readonly allows: readonly Naming[] };

export function readPolicy(
  document: PolicyDocument,
  kind: PolicyKind,
  request: Omit<Asked, 'kind' | 'version'>,
): Finding {
  // Without Version a policy is of 2008-10-17: UG/reference_policies_elements_version.html
  const asked: Asked = { ...request, kind, version: document.Version ?? '2008-10-17' };
  const statements = many(document.Statement);
  const entries = statements.flatMap(({ Resource, NotResource }) => [...many(Resource), ...many(NotResource)]);
  for (const entry of entries) if (entry !== '*') completed(entry, asked);
  const found = statements.flatMap((statement) =>
    namings(statement, asked).map(([naming, holds]) => ({ effect: statement.Effect, naming, holds })),
  );
  return {
    denies: found.some(({ effect, holds }) => effect === 'Deny' && holds !== 'no'),
    allows: found.filter(({ effect, holds }) => effect === 'Allow' && holds === 'yes').map(({ naming }) => naming),
  };
}

/** Every part of a statement has to match: UG/reference_policies_elements_statement.html */
function namings(statement: Statement, asked: Asked): (readonly [Naming, Answer])[] {
  const { Action, NotAction, Resource, NotResource, Condition } = statement;
  const listed = answer(many(Action ?? NotAction).some((pattern) => actionMatches(pattern, asked.action)));
  const rest = all([
    // "Explicitly matches everything except the specified list": UG/reference_policies_elements_notaction.html
    Action === undefined ? not(listed) : listed,
    // A role's trust policy has no Resource: UG/reference_policies_elements_resource.html
    Resource === undefined ? 'yes' : any(many(Resource).map((pattern) => resourceMatches(pattern, asked))),
    NotResource === undefined ? 'yes' : notResourceMatches(many(NotResource), asked),
    conditionHolds(Condition, asked),
  ]);
  return principals(statement, asked).map(([naming, holds]) => [naming, all([holds, rest])]);
}

function principals({ Principal, NotPrincipal, Effect }: Statement, asked: Asked): (readonly [Naming, Answer])[] {
  if (Principal !== undefined) return entriesOf(Principal).map((entry) => namedBy(entry, asked));
  // A policy without Principal speaks of the identity it is attached to: UG/access_policies_identity-vs-resource.html
  if (NotPrincipal === undefined) return [['implied', 'yes']];
  // A Deny reaches every principal with a permissions boundary, whatever is listed, and it spares a caller only when account,
  // role and session are all listed: UG/reference_policies_elements_notprincipal.html
  const listed = entriesOf(NotPrincipal).map((entry) => namedBy(entry, asked));
  const { account, origin, self } = asked.caller;
  const names: Naming[] = [...(account ? ['account' as const] : []), ...(origin ? ['origin' as const] : [])];
  if (self || !account) names.push('self');
  const naming = (name: Naming) => any(listed.map(([found, holds]) => (found === name ? holds : 'no')));
  const spared = Effect === 'Deny' ? all(names.map(naming)) : any(listed.map(([, holds]) => holds));
  return [['everybody', Effect === 'Deny' && asked.bounded ? 'yes' : not(spared)]];
}

type Entry = readonly [kind: string, name: string];

const entriesOf = (block: PrincipalBlock): Entry[] =>
  block === '*'
    ? [['AWS', '*']]
    : Object.entries(block).flatMap(([kind, names]) => many(names).map((name): Entry => [kind, name]));

/** Names, never patterns: UG/reference_policies_elements_principal.html (#… below) */
function namedBy([kind, name]: Entry, { caller, principalKind, principalName }: Asked): readonly [Naming, Answer] {
  const bearsToken = principalKind === 'web-identity' || principalKind === 'saml';
  if (kind === 'Service') return ['self', answer(principalKind === 'service' && name === principalName)];
  if (kind === 'Federated') return ['self', answer(bearsToken && name === principalName)];
  // Which account a "canonical user ID" is of cannot be seen here: #principal-accounts
  if (kind === 'CanonicalUser') return ['self', 'unsure'];
  // #principal-anonymous; of those who bear a token it does not speak.
  if (name === '*') return ['everybody', bearsToken ? 'unsure' : 'yes'];
  if (name === caller.self) return ['self', 'yes'];
  if (name === caller.origin) return ['origin', 'yes'];
  // The account's ARN and "a shortened form" behave the same: #principal-accounts
  const account = /^(?:arn:[^:]+:iam::)?(\d{12})(?::root)?$/u.exec(name)?.[1];
  return ['account', answer(account !== undefined && account === caller.account)];
}
