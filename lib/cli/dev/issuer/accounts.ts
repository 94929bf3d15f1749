/** The accounts of the local issuer: one account for each person who has an account in the definitions. */
import { createHash } from 'node:crypto';
import type { Environment, People } from '@leasehold/definitions';

/** An account, with the claims that the issuer in the definitions would issue for this account. */
export interface DevAccount {
  /** The value of the name claim. */
  readonly name: string;
  /** Name of the person in the definitions; of anybody else, the name of the account. */
  readonly person: string;
  /** The account's id at the issuer. The id is the same in each run. */
  readonly sub: string;
  /** The value of the groups claim, sorted. */
  readonly groups: readonly string[];
}

/** The names of claims in access tokens, and the claims that are the same for everybody. */
export interface TokenClaims {
  readonly name: string;
  readonly groups: string;
  /** Claims that are the same for everybody. */
  readonly fixed: Readonly<Record<string, string>>;
}

/**
 * The accounts of an environment. A person has the groups in their Principal document, the groups of requesters, and
 * the groups of approvers and administrators, if the definitions make the person one of them.
 * @param users Names of further accounts, which are in no group.
 */
export function devAccounts(
  environment: Environment,
  people: People,
  users: readonly string[] = [],
): readonly DevAccount[] {
  const subject = (name: string) => (tokenClaims(people).name === 'sub' ? name : subOf(name, environment));
  const others = users.map((name) => ({ name, person: name, sub: subject(name), groups: [] }));
  return [...peopleIn(environment, people, subject), ...others];
}

function peopleIn(environment: Environment, people: People, subject: (name: string) => string): readonly DevAccount[] {
  const { requester, approver, administrator } = people.groups;
  return environment.principals.flatMap((person): DevAccount[] => {
    if (person.kind !== 'person' || typeof person.signIn !== 'string') return [];
    const groups = [
      ...person.groups,
      ...(requester === '*' ? [] : requester),
      ...(environment.approvers.includes(person.name) ? approver : []),
      ...(person.administrator ? administrator : []),
    ];
    const name = person.signIn;
    return [{ name, person: person.name, sub: subject(name), groups: [...new Set(groups)].sort() }];
  });
}

/** The claims of the definitions' issuer. For a user pool, the claims in Cognito's access tokens. */
export function tokenClaims({ signIn }: People): TokenClaims {
  return signIn.type === 'oidc'
    ? { name: signIn.nameClaim, groups: signIn.groupsClaim, fixed: {} }
    : { name: 'username', groups: 'cognito:groups', fixed: { token_use: 'access' } };
}

function subOf(name: string, { project, name: environment }: Environment): string {
  return createHash('sha256').update(`${project}/${environment}/${name}`).digest('hex').slice(0, 32);
}
