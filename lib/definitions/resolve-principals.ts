/** Resolves the principal documents into the principals of each environment's broker. */
import { defined } from '@leasehold/contract/defined';
import { many } from '@leasehold/policy';
import type { Checked } from './checked';
import { type Complaint, type Complaints, didYouMean, EnvironmentComplaints, listed, shown } from './complaints';
import type { Principal } from './model';
import { nearest } from './nearest';
import type { ResolvedEnvironment } from './resolve-environment';
import type { PrincipalYaml } from './schema-principal';
import { resolveTemplate } from './template';
import { whereItHolds } from './where';

/**
 * The names, as written, of the environments and agents to which principals may refer, including invalid environments
 * and agents.
 */
interface Known {
  readonly environments: readonly string[];
  readonly agents: readonly string[];
}

/** Adds its principals to each environment. */
export function withPrincipals(
  documents: readonly Checked<PrincipalYaml>[],
  environments: readonly ResolvedEnvironment[],
  known: Known,
  complaints: Complaints,
): readonly ResolvedEnvironment[] {
  const principals = new Map<string, Principal[]>(environments.map(({ environment }) => [environment.name, []]));
  for (const document of distinct(documents, complaints)) {
    if (document.yaml.type === 'agent') checkAgent(document, known.agents, complaints);
    const told = new EnvironmentComplaints();
    const places = whereItHolds<never>(document, environments, known.environments, complaints);
    for (const { home } of places) principals.get(home.environment.name)?.push(principal(document, home, told));
    told.flush(complaints, places.length);
  }
  const accounts = new EnvironmentComplaints();
  const resolved = environments.map((home) => {
    const here = (principals.get(home.environment.name) ?? []).sort((a, b) => (a.name < b.name ? -1 : 1));
    oneAccountEach(here, accounts, home.environment.name);
    return { ...home, environment: { ...home.environment, principals: here } };
  });
  accounts.flush(complaints, environments.length);
  return resolved;
}

/** Reports two people in one environment who would sign in with the same name claim. */
function oneAccountEach(principals: readonly Principal[], told: EnvironmentComplaints, environment: string): void {
  const owners = new Map<string, Principal>();
  for (const person of principals) {
    if (typeof person.signIn !== 'string') continue;
    const owner = owners.get(person.signIn.toLowerCase());
    if (owner === undefined) {
      owners.set(person.signIn.toLowerCase(), person);
      continue;
    }
    const { file, line, column } = owner.locate(['signIn']);
    told.add(
      person.locate(['signIn']),
      {
        id: 'duplicate-sign-in',
        message: `\`${owner.name}\` signs in as ${shown(person.signIn)} already, at ${file}:${line}:${column}.`,
        expected: 'an account that no other principal has, in either case',
        hint: 'Give each person their own account.',
      },
      environment,
    );
  }
}

/**
 * The principals without duplicate names. IAM ignores case in user names, and an approver must not be confused with a
 * requester.
 */
function distinct(
  documents: readonly Checked<PrincipalYaml>[],
  complaints: Complaints,
): readonly Checked<PrincipalYaml>[] {
  const first = new Map<string, Checked<PrincipalYaml>>();
  return documents.filter((document) => {
    if (!isNamed(document)) return false;
    const { name } = document.yaml;
    const before = first.get(name.toLowerCase());
    if (before === undefined) {
      first.set(name.toLowerCase(), document);
      return true;
    }
    const { file, line, column } = before.places.value(['name']);
    complaints.add(document.places.value(['name']), {
      id: 'duplicate-principal',
      message: `There already is a principal \`${before.yaml.name}\`, at ${file}:${line}:${column}.`,
      expected: 'a name that no other principal has; case is ignored',
      hint: 'Rename or remove one of the two.',
    });
    return false;
  });
}

/** Whether the document's name is the written name, and not a placeholder. */
function isNamed({ yaml, written }: Checked<PrincipalYaml>): boolean {
  return written(['name']) === yaml.name;
}

function checkAgent({ yaml, places }: Checked<PrincipalYaml>, agents: readonly string[], complaints: Complaints): void {
  if (agents.includes(yaml.name) || agents.length === 0) return;
  const meant = nearest(yaml.name, agents);
  complaints.add(places.value(['name']), {
    id: 'unknown-agent',
    message: `The project has no agent ${shown(yaml.name)}${didYouMean(meant)}`,
    expected: `one of ${listed(agents)}`,
    hint:
      meant === undefined
        ? 'Declare it under `agents` of the project, or write `type: person`.'
        : `Write \`${meant}\`.`,
  });
}

function principal(
  { yaml, places }: Checked<PrincipalYaml>,
  home: ResolvedEnvironment,
  told: EnvironmentComplaints,
): Principal {
  const { name, type, policy = '' } = yaml;
  const userArn = type === 'agent' ? undefined : userOf(yaml, places, home, told);
  return {
    kind: type,
    name,
    groups: [...many(yaml.groups)].sort(),
    administrator: yaml.administrator ?? false,
    ...defined({ userArn, signIn: yaml.signIn }),
    policy: policy.trim(),
    locate: (path) => places.value(path),
  };
}

/** https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html#identifiers-arns */
const USER = /^arn:aws[a-z-]*:iam::[0-9]{12}:user\/(?:[!-)+->@-~]+\/)?([A-Za-z0-9+=,.@_-]{1,64})$/;

/** The person's IAM user, whose name is the person's name. AWS enforces this name for each session of the person. */
function userOf(
  { name, user }: PrincipalYaml,
  places: Checked<PrincipalYaml>['places'],
  { environment, scope }: ResolvedEnvironment,
  told: EnvironmentComplaints,
): string | undefined {
  const { partition, account } = environment;
  if (user === undefined) return `arn:${partition}:iam::${account}:user/${name}`;
  const complain = (complaint: Complaint) => {
    told.add(places.value(['user']), complaint, environment.name);
    return undefined;
  };
  const arn = resolveTemplate(user, scope, undefined, ({ piece, ...complaint }) =>
    told.add(places.within(['user'], piece), complaint, environment.name),
  );
  if (arn === undefined) return undefined;
  const [, last] = USER.exec(arn) ?? [];
  if (last === undefined || /[*?]/.test(arn)) {
    return complain({
      id: 'user-format',
      message: `${shown(arn)} is not the ARN of an IAM user.`,
      expected: '`arn:aws:iam::<account>:user/<path and name>`',
      hint: "Copy the user's ARN.",
    });
  }
  if (last !== name) {
    return complain({
      id: 'user-format',
      message: `${shown(arn)} is the ARN of the user \`${last}\`, and the principal is named \`${name}\`.`,
      expected: 'an ARN that ends in the name of the principal',
      hint: `Write \`${last}\` as \`name\`, or the ARN of \`${name}\`.`,
    });
  }
  if (!arn.startsWith(`arn:${partition}:`)) {
    return complain({
      id: 'partition-mismatch',
      message: `${shown(arn)} is not in the environment's partition.`,
      expected: `an ARN that begins with \`arn:${partition}:\``,
      hint: 'Write `arn:${env.partition}:…`, or the right ARN.',
    });
  }
  return arn;
}
