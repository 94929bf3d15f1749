/**
 * Context keys that depend on each other. `compare` treats keys as independent. But no call has an MFA age without MFA,
 * or an ARN from one account together with the id of another account. Denying such calls on both sides excludes them
 * from a comparison and changes nothing else. Source:
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html
 */
import { many, type Permissions, type PolicyDocument, type PolicyDocuments, type Statement } from '@leasehold/policy';
import { isAccountId } from '../account-ids';
import { statementsOf } from './equal-values';

type Condition = Exclude<Statement['Condition'], undefined>;

/** Returns deny statements for calls that cannot occur. Only condition keys that the documents use are considered. */
export function impossibleCalls(documents: readonly PolicyDocument[]): readonly Statement[] {
  const statements = documents.flatMap(statementsOf);
  const keys = new Set(statements.flatMap(keysOf));
  const accounts = accountsIn(statements);
  const principals = principalsIn(statements);
  const conditions = [
    ...FACTS.flatMap(({ about, never }) => (about.every((key) => keys.has(key)) ? never : [])),
    ...ACCOUNT_KEYS.flatMap(([account, arn]) =>
      keys.has(account) && keys.has(arn) ? accounts.flatMap((id) => mismatched(account, arn, id)) : [],
    ),
  ];
  return [
    ...conditions.map((condition) => deny('*', condition)),
    ...(keys.has('aws:tokenissuetime') ? principals.flatMap(alwaysTemporary) : []),
    ...(keys.has('aws:principalaccount') ? accounts.map(notOfAccount) : []),
    ...(keys.has('aws:principalarn') ? [...accounts.map(notAnArnOf), ...principals.flatMap(notItsArn)] : []),
  ];
}

/** Both sides of a comparison, with added deny statements for calls that cannot occur. */
export function linked<T extends Permissions>(before: T, after: T): readonly [T, T] {
  for (const kind of ['trust', 'resource'] as const) {
    const [earlier, later] = [documentOf(before, kind), documentOf(after, kind)];
    if (earlier === undefined || later === undefined) continue;
    const denies = impossibleCalls([earlier, later]).map(kind === 'trust' ? ofTrust : (each) => each);
    if (denies.length === 0) return [before, after];
    return [
      { ...before, [kind]: withStatements(earlier, denies) },
      { ...after, [kind]: withStatements(later, denies) },
    ];
  }
  const denies = impossibleCalls([...identityOf(before), ...identityOf(after)]).flatMap(ofIdentity);
  if (denies.length === 0) return [before, after];
  return [withDocument(before, denies), withDocument(after, denies)];
}

function documentOf(side: Permissions, kind: 'trust' | 'resource'): PolicyDocument | undefined {
  return isDocuments(side) ? (side as Readonly<Partial<Record<typeof kind, PolicyDocument>>>)[kind] : undefined;
}

function identityOf(side: Permissions): readonly PolicyDocument[] {
  return isDocuments(side) ? ((side.identity ?? []) as readonly PolicyDocument[]) : many(side);
}

function isDocuments(side: Permissions): side is PolicyDocuments {
  return !Array.isArray(side) && !('Statement' in side);
}

function withDocument<T extends Permissions>(side: T, denies: readonly Statement[]): T {
  const document: PolicyDocument = { Version: '2012-10-17', Statement: denies };
  if (isDocuments(side)) return { ...side, identity: [...(side.identity ?? []), document] };
  return [...many(side as PolicyDocument | readonly PolicyDocument[]), document] as unknown as T;
}

/** The policies of an identity apply only to that identity. */
function ofIdentity({ Principal, ...statement }: Statement): readonly Statement[] {
  return Principal === '*' ? [statement] : [];
}

/** Limits a deny statement to the calls that a trust policy can permit: STS actions on the policy's own role. */
function ofTrust({ Resource: _, ...statement }: Statement): Statement {
  return { ...statement, Action: 'sts:*' };
}

function withStatements(document: PolicyDocument, added: readonly Statement[]): PolicyDocument {
  return { ...document, Statement: [...statementsOf(document), ...added] };
}

/**
 * Combinations of condition values that never occur in the same call. Each combination applies to policies that use the
 * given keys. Only combinations that AWS documents explicitly are included.
 */
const FACTS: readonly { readonly about: readonly string[]; readonly never: readonly Condition[] }[] = [
  {
    // "This key is not present if MFA was not used."
    about: ['aws:multifactorauthpresent', 'aws:multifactorauthage'],
    never: [
      { Null: { 'aws:MultiFactorAuthAge': 'false', 'aws:MultiFactorAuthPresent': 'true' } },
      { Null: { 'aws:MultiFactorAuthAge': 'false' }, Bool: { 'aws:MultiFactorAuthPresent': 'false' } },
    ],
  },
  { about: ['aws:securetransport'], never: [{ Null: { 'aws:SecureTransport': 'true' } }] },
  { about: ['aws:currenttime'], never: [{ Null: { 'aws:CurrentTime': 'true' } }] },
  { about: ['aws:epochtime'], never: [{ Null: { 'aws:EpochTime': 'true' } }] },
  {
    // A session of a role has no long-term key.
    about: ['aws:tokenissuetime', 'aws:principaltype'],
    never: [
      {
        Null: { 'aws:TokenIssueTime': 'true' },
        StringEquals: { 'aws:PrincipalType': ['AssumedRole', 'FederatedUser'] },
      },
    ],
  },
  {
    about: ['aws:sourcevpce', 'aws:sourceip'],
    never: [{ Null: { 'aws:SourceVpce': 'false', 'aws:SourceIp': 'false' } }],
  },
  {
    about: ['aws:sourcevpc', 'aws:sourceip'],
    never: [{ Null: { 'aws:SourceVpc': 'false', 'aws:SourceIp': 'false' } }],
  },
];

/** Keys that contain an account id, with the keys that contain an ARN from the same account. In lower case. */
const ACCOUNT_KEYS = [
  ['aws:principalaccount', 'aws:principalarn'],
  ['aws:sourceaccount', 'aws:sourcearn'],
  ['s3:dataaccesspointaccount', 's3:dataaccesspointarn'],
] as const;

function mismatched(account: string, arn: string, id: string): readonly Condition[] {
  const others = { StringNotEquals: { [account]: id }, ArnLike: { [arn]: `arn:*:*:*:${id}:*` } };
  if (account !== 'aws:principalaccount') return [{ ...others, Null: { [account]: 'false' } }];
  return [others, { StringEquals: { [account]: id }, ArnNotLike: { [arn]: `arn:*:*:*:${id}:*` } }];
}

function notOfAccount(id: string): Statement {
  return deny({ AWS: id }, { StringNotEquals: { 'aws:PrincipalAccount': id } });
}

function notAnArnOf(id: string): Statement {
  return deny({ AWS: id }, { ArnNotLike: { 'aws:PrincipalArn': `arn:*:*:*:${id}:*` } });
}

/** A role has no long-term key. */
function alwaysTemporary(arn: string): readonly Statement[] {
  return arn.includes(':user/') ? [] : [deny({ AWS: arn }, { Null: { 'aws:TokenIssueTime': 'true' } })];
}

/** The ARN of a session does not contain the path of its role. */
function notItsArn(arn: string): readonly Statement[] {
  const [, start, role] = /^(arn:[\w-]+:)sts(?=::\d{12}:assumed-role\/([^/]+)\/)/.exec(arn) ?? [];
  const account = arn.split(':')[4];
  if (role === undefined) {
    // A federated user's name is chosen by the IAM user, and the session has its own ARN.
    const federated = `${arn.replace(/:iam::.*/s, ':sts::')}${account}:federated-user/*`;
    const own = arn.includes(':user/') ? [arn, federated] : [arn];
    return [deny({ AWS: arn }, { ArnNotLike: { 'aws:PrincipalArn': own } })];
  }
  const roles = `${start}iam::${account}:role/`;
  return [deny({ AWS: arn }, { ArnNotLike: { 'aws:PrincipalArn': [`${roles}${role}`, `${roles}*/${role}`] } })];
}

function deny(who: NonNullable<Statement['Principal']>, condition: Condition): Statement {
  return { Effect: 'Deny', Principal: who, Action: '*', Resource: '*', Condition: condition };
}

function keysOf({ Condition }: Statement): readonly string[] {
  return Object.values(Condition ?? {}).flatMap((keys) => Object.keys(keys).map((key) => key.toLowerCase()));
}

/** The accounts that principals and condition values name. */
function accountsIn(statements: readonly Statement[]): readonly string[] {
  const texts = statements.flatMap(({ Principal, Condition }) => [
    ...(typeof Principal === 'object' ? Object.values(Principal).flatMap((names) => many(names)) : []),
    ...Object.values(Condition ?? {}).flatMap((keys) =>
      Object.values(keys).flatMap((values) => many(values).map(String)),
    ),
  ]);
  const ids = texts.flatMap((text) => (isAccountId(text) ? text : (text.split(':')[4] ?? '')));
  return [...new Set(ids.filter(isAccountId))].slice(0, MOST);
}

/** The users, roles and sessions that principals name. */
function principalsIn(statements: readonly Statement[]): readonly string[] {
  const named = statements.flatMap(({ Principal }) => (typeof Principal === 'object' ? many(Principal.AWS) : []));
  return [
    ...new Set(named.filter((name) => /^arn:[\w-]+:(iam|sts)::\d{12}:(user|role|assumed-role)\/[^*?]+$/.test(name))),
  ].slice(0, MOST);
}

/**
 * Maximum number of linked names. A policy with more names is compared without the links, and may count as wider than
 * it is.
 */
const MOST = 12;
