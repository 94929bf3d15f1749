/** Every protection of the deployed documents, broken once. The decision tables must notice each. */
import type { PolicyDocument, PrincipalBlock, Statement } from '@leasehold/policy';
import type { Deployed, DeployedIdentity } from '../support/deployed';

export interface Mutation {
  /** What was broken. */
  readonly name: string;
  readonly apply: (deployed: Deployed) => void;
}

type Block = Record<string, Record<string, unknown>>;
type Loose = Omit<Statement, 'Condition' | 'Principal'> & { Condition?: Block; Principal?: PrincipalBlock };

const AGENT = 'hermes-dev-agent';
const ROLE = 'hermes-dev-s3-deploy';

const withoutCondition = (operator: string, key: string): Mutation => ({
  name: `trust: ${operator} ${key} dropped`,
  apply: inTrust('LeaseByMfa', ({ Condition = {} }) => {
    const keys = Condition[operator] ?? {};
    if (!(key in keys)) throw new Error(`the trust has no ${operator} ${key}`);
    delete keys[key];
    if (Object.keys(keys).length === 0) delete Condition[operator];
  }),
});

export const MUTATIONS: readonly Mutation[] = [
  withoutCondition('Bool', 'aws:MultiFactorAuthPresent'),
  withoutCondition('Null', 'aws:TokenIssueTime'),
  withoutCondition('NumericLessThanIfExists', 'aws:MultiFactorAuthAge'),
  withoutCondition('StringEquals', 'sts:RoleSessionName'),
  withoutCondition('StringEquals', 'sts:SourceIdentity'),
  withoutCondition('StringLike', 'aws:RequestTag/lease-id'),
  withoutCondition('StringLike', 'aws:RequestTag/reason'),
  withoutCondition('StringLike', 'aws:RequestTag/param.release'),
  withoutCondition('StringNotLike', 'aws:RequestTag/param.release'),
  withoutCondition('ForAllValues:StringEquals', 'aws:TagKeys'),
  {
    name: 'trust: Bool turned into BoolIfExists',
    apply: inTrust('LeaseByMfa', (statement) => {
      const { Bool, ...others } = statement.Condition ?? {};
      statement.Condition = { ...others, BoolIfExists: Bool ?? {} };
    }),
  },
  {
    name: 'trust: all conditions dropped',
    apply: inTrust('LeaseByMfa', (statement) => {
      delete statement.Condition;
    }),
  },
  {
    name: 'trust: the whole account trusted',
    apply: (deployed) => {
      for (const sid of ['LeaseByMfa', 'MarkSession']) {
        inTrust(sid, (statement) => {
          statement.Principal = { AWS: 'arn:aws:iam::123456789012:root' };
        })(deployed);
      }
    },
  },
  {
    name: 'trust: everybody trusted',
    apply: (deployed) => {
      for (const sid of ['LeaseByMfa', 'MarkSession']) {
        inTrust(sid, (statement) => {
          statement.Principal = { AWS: '*' };
        })(deployed);
      }
    },
  },
  { name: 'trust: a reason of one character will do', apply: like('aws:RequestTag/reason', '?*') },
  { name: 'trust: any lease id will do', apply: like('aws:RequestTag/lease-id', '*') },
  { name: 'trust: a lease id of nothing but the prefix will do', apply: like('aws:RequestTag/lease-id', 'lh-*') },
  { name: 'trust: an empty parameter will do', apply: like('aws:RequestTag/param.release', '*') },
  { name: 'trust: MarkSession dropped', apply: inDocument('roles', ROLE, 'trust', dropStatement('MarkSession')) },
  { name: 'agent: boundary taken off', apply: ({ users }) => void delete users[AGENT]?.boundary },
  {
    name: 'agent: NothingButAsk dropped from the boundary',
    apply: inDocument('users', AGENT, 'boundary', dropStatement('NothingButAsk')),
  },
  {
    name: 'agent: OnlyTheseRoles dropped from the boundary',
    apply: inDocument('users', AGENT, 'boundary', dropStatement('OnlyTheseRoles')),
  },
  { name: 'agent: Ask dropped from the boundary', apply: inDocument('users', AGENT, 'boundary', dropStatement('Ask')) },
  {
    name: 'agent: the boundary denies asking outside all roles instead of these',
    apply: inDocument('users', AGENT, 'boundary', (statements) =>
      statements.map((statement) =>
        statement.Sid === 'OnlyTheseRoles' ? { ...statement, NotResource: 'arn:aws:iam::*:role/*' } : statement,
      ),
    ),
  },
  {
    name: 'agent: the boundary allows IAM, too',
    apply: inDocument('users', AGENT, 'boundary', (statements) =>
      statements.map((statement) =>
        statement.Sid === 'NothingButAsk' || statement.Sid === 'Ask'
          ? replaceIn(statement, (actions) => [...actions, 'iam:*'])
          : statement,
      ),
    ),
  },
  { name: 'agent: ask policies dropped', apply: ({ users }) => void (users[AGENT]?.policies.splice(0) ?? 0) },
  {
    name: 'agent: Action for NotAction in the boundary',
    apply: inDocument('users', AGENT, 'boundary', (statements) =>
      statements.map(({ NotAction, ...statement }) =>
        NotAction === undefined ? statement : ({ ...statement, Action: NotAction } as Statement),
      ),
    ),
  },
  { name: 'role: boundary taken off', apply: ({ roles }) => void delete roles[ROLE]?.boundary },
  {
    name: 'role: NoEscalation dropped from the boundary',
    apply: inDocument('roles', ROLE, 'boundary', dropStatement('NoEscalation')),
  },
  {
    name: 'role: AnythingElse dropped from the boundary',
    apply: inDocument('roles', ROLE, 'boundary', dropStatement('AnythingElse')),
  },
  {
    name: 'role: Attenuate dropped from the boundary',
    apply: inDocument('roles', ROLE, 'boundary', dropStatement('Attenuate')),
  },
  {
    name: 'role: the boundary allows STS as a whole',
    apply: inDocument('roles', ROLE, 'boundary', (statements) =>
      statements.map((statement) =>
        statement.Sid === 'AnythingElse'
          ? replaceIn(statement, (actions) => actions.filter((action) => action !== 'sts:*'))
          : statement,
      ),
    ),
  },
  {
    name: 'role: any release of the bucket',
    apply: inPermissions((text) => text.replaceAll('${aws:PrincipalTag/param.release}', '*')),
  },
  {
    name: 'role: the delimiter after the release dropped',
    apply: inPermissions((text) =>
      text.replaceAll('${aws:PrincipalTag/param.release}/', '${aws:PrincipalTag/param.release}'),
    ),
  },
  { name: 'role: any bucket', apply: inPermissions((text) => text.replaceAll('hermes-dev-deploy', '*')) },
  { name: 'role: any action of S3', apply: inPermissions((text) => text.replaceAll('s3:PutObject', 's3:*')) },
  { name: 'role: reads of any other key', apply: inPermissions((text) => text.replaceAll('s3:GetObject', 's3:Get*')) },
  {
    name: 'role: conditions dropped',
    apply: inDocument('roles', ROLE, 'policies', (statements) =>
      statements.map(({ Condition: _, ...statement }) => statement),
    ),
  },
];

function inTrust(sid: string, change: (statement: Loose) => void): Mutation['apply'] {
  return inDocument('roles', ROLE, 'trust', (statements) => {
    const statement = statements.find(({ Sid }) => Sid === sid);
    if (!statement) throw new Error(`the trust has no statement ${sid}`);
    change(statement as unknown as Loose);
    return statements;
  });
}

function like(key: string, pattern: string): Mutation['apply'] {
  return inTrust('LeaseByMfa', ({ Condition = {} }) => {
    const keys = Condition.StringLike ?? {};
    if (!(key in keys)) throw new Error(`the trust has no StringLike ${key}`);
    keys[key] = pattern;
  });
}

function inPermissions(change: (text: string) => string): Mutation['apply'] {
  return ({ roles }) => {
    const role = found(roles, ROLE);
    const before = role.policies.join();
    role.policies = role.policies.map(change);
    if (role.policies.join() === before) throw new Error('the mutation changes nothing');
  };
}

function inDocument(
  kind: 'users' | 'roles',
  name: string,
  part: 'trust' | 'boundary' | 'policies',
  change: (statements: readonly Statement[]) => readonly Statement[],
): Mutation['apply'] {
  const edit = (text: string) => {
    const document: PolicyDocument = JSON.parse(text);
    return JSON.stringify({ ...document, Statement: change([document.Statement].flat() as Statement[]) });
  };
  return (deployed) => {
    const identity = found(deployed[kind], name);
    if (part === 'policies') identity.policies = identity.policies.map(edit);
    else identity[part] = edit(identity[part] ?? '');
  };
}

function dropStatement(sid: string): (statements: readonly Statement[]) => readonly Statement[] {
  return (statements) => {
    const rest = statements.filter((statement) => statement.Sid !== sid);
    if (rest.length === statements.length) throw new Error(`there is no statement ${sid}`);
    return rest;
  };
}

function replaceIn(statement: Statement, change: (actions: readonly string[]) => readonly string[]): Statement {
  const key = statement.NotAction === undefined ? 'Action' : 'NotAction';
  return { ...statement, [key]: change([statement[key] ?? []].flat() as string[]) };
}

function found(identities: Record<string, DeployedIdentity>, name: string): DeployedIdentity {
  const identity = identities[name];
  if (!identity) throw new Error(`the stack does not deploy ${name}`);
  return identity;
}
