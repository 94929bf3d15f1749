/** Each protection of each deployed document, broken once: found in the documents, so that none is forgotten. */
import type { PolicyDocument, Statement } from '@leasehold/policy';
import type { Deployed, DeployedIdentity } from '../support/deployed';
import type { Mutation } from './mutations';

/** Every condition, statement of a boundary, trusted principal, resource and action of the stack, loosened. */
export function protectionsOf(deployed: Deployed): readonly Mutation[] {
  const roles = Object.keys(deployed.roles).flatMap((name) => [
    ...changes(deployed, 'roles', name, 'trust', (trust) => trustBroken(trust, found(deployed, 'roles', name).arn)),
    ...changes(deployed, 'roles', name, 'boundary', statementsDropped),
    ...changes(deployed, 'roles', name, 'policies', permissionsWidened),
    boundaryOff('roles', name),
  ]);
  const users = Object.keys(deployed.users).flatMap((name) => [
    ...changes(deployed, 'users', name, 'boundary', statementsDropped),
    boundaryOff('users', name),
  ]);
  return [...roles, ...users];
}

type Part = 'trust' | 'boundary' | 'policies';
/** The statements with one thing broken, and what. */
type Broken = readonly [what: string, statements: readonly Statement[]];

function changes(
  deployed: Deployed,
  kind: 'users' | 'roles',
  name: string,
  part: Part,
  broken: (statements: readonly Statement[]) => readonly Broken[],
): readonly Mutation[] {
  const identity = found(deployed, kind, name);
  const texts = part === 'policies' ? identity.policies : [identity[part] ?? ''];
  return texts.flatMap((text, place) => {
    const document: PolicyDocument = JSON.parse(text);
    return broken([document.Statement].flat()).map(([what, Statement]) => ({
      name: `${name}, ${part}: ${what}`,
      apply: (mutated: Deployed) => {
        const target = found(mutated, kind, name);
        const written = JSON.stringify({ ...document, Statement });
        if (part === 'policies') target.policies[place] = written;
        else target[part] = written;
      },
    }));
  });
}

function boundaryOff(kind: 'users' | 'roles', name: string): Mutation {
  return { name: `${name}: boundary taken off`, apply: (deployed) => void delete found(deployed, kind, name).boundary };
}

function trustBroken(statements: readonly Statement[], roleArn: string): readonly Broken[] {
  const account = /:(\d{12}):/.exec(roleArn)?.[1] ?? '';
  const trusting = (AWS: string) => statements.map((statement) => ({ ...statement, Principal: { AWS } }));
  return [
    ...statementsDropped(statements),
    ...conditionsDropped(statements),
    ['the whole account trusted', trusting(`arn:aws:iam::${account}:root`)],
    ['everybody trusted', trusting('*')],
  ];
}

function permissionsWidened(statements: readonly Statement[]): readonly Broken[] {
  return [
    ...conditionsDropped(statements),
    ...each(statements, ({ Resource, ...rest }) =>
      [Resource ?? []].flat().includes('*') ? [] : [['any resource', { ...rest, Resource: '*' } as Statement]],
    ),
    ...each(statements, ({ Action, ...rest }) =>
      // The boundary keeps STS out of reach by itself: nothing is lost with what the statement leaves out.
      [...new Set([Action ?? []].flat().map((action) => action.split(':')[0]))]
        .filter((service) => service !== 'sts')
        .map((service): [string, Statement] => [
          `any action of ${service}`,
          { ...rest, Action: `${service}:*` } as Statement,
        ]),
    ),
    ...each(statements, (statement) => {
      const text = JSON.stringify(statement);
      const free = text.replaceAll(/\$\{aws:PrincipalTag\/[^}]*\}/g, '*');
      return free === text ? [] : [['any value of the parameter', JSON.parse(free) as Statement]];
    }),
  ];
}

function statementsDropped(statements: readonly Statement[]): readonly Broken[] {
  return statements.map(({ Sid }, place) => [`${Sid} dropped`, statements.toSpliced(place, 1)]);
}

function conditionsDropped(statements: readonly Statement[]): readonly Broken[] {
  return each(statements, (statement) =>
    Object.entries(statement.Condition ?? {}).flatMap(([operator, keys]) =>
      Object.keys(keys).map((key): [string, Statement] => {
        const { [key]: _, ...rest } = keys;
        return [
          `${operator} ${key} dropped`,
          { ...statement, Condition: { ...statement.Condition, [operator]: rest } },
        ];
      }),
    ),
  );
}

/** One statement changed at a time. */
function each(
  statements: readonly Statement[],
  change: (statement: Statement) => readonly (readonly [string, Statement])[],
): readonly Broken[] {
  return statements.flatMap((statement, place) =>
    change(statement).map(
      ([what, changed]): Broken => [`${what} in statement ${place + 1}`, statements.toSpliced(place, 1, changed)],
    ),
  );
}

function found(deployed: Deployed, kind: 'users' | 'roles', name: string): DeployedIdentity {
  const identity = deployed[kind][name];
  if (identity === undefined) throw new Error(`the stack does not deploy ${name}`);
  return identity;
}
