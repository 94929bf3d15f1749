import { ASCII_TAG_CHARACTERS, LONGEST_TAG_KEY, NAME_ALPHABET, textOf } from '@leasehold/contract/text';
import type { Environment, SourceRange } from '@leasehold/definitions';
import {
  agentName,
  brokerRoleName,
  hasBroker,
  mfaDeviceArn,
  PERSON_KINDS,
  parameterTag,
  personRoleName,
  roleName,
} from '@leasehold/documents';
import { type Complaint, type EnvironmentGuardrail, pageOf } from '../guardrail';

/**
 * Every deployed name must be a name that IAM accepts.
 * Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html (names)
 */
export const names: EnvironmentGuardrail = {
  id: 'names',
  title: 'IAM accepts every name that is deployed',
  severity: 'error',
  page: pageOf('names'),
  unwaivable: 'AWS rejects the name',
  over: 'environment',
  *check({ environment }) {
    for (const { what, name, most, at } of namesOf(environment)) {
      const complaint = illegal(what, name, most);
      if (complaint) yield { ...complaint, at: at() };
    }
    yield* sessions(environment);
    yield* tags(environment);
  },
};

interface Named {
  /** For example "role". */
  readonly what: string;
  readonly name: string;
  /** Maximum length of the name in characters. */
  readonly most: number;
  at(): SourceRange;
}

function* namesOf(environment: Environment): Iterable<Named> {
  for (const role of environment.roles) {
    yield { what: 'role', name: roleName(role, environment), most: 64, at: () => role.locate(['name']) };
  }
  for (const agent of environment.agents) {
    const at = () => agent.locate(['agents', agent.name]);
    if (agent.identity.type === 'existing-role') continue;
    // The name is also the source identity of every session, which has the same limit.
    yield {
      what: agent.identity.type === 'iam-user' ? 'user' : 'role',
      name: agentName(agent, environment),
      most: 64,
      at,
    };
    if (agent.identity.type !== 'iam-user') continue;
    for (const approver of environment.approvers) {
      const device = mfaDeviceArn(approver, agent, environment).replace(/^.*:mfa\//, '');
      yield { what: 'MFA device', name: device, most: 226, at: () => environment.locate(['approvers']) };
    }
  }
  if (hasBroker(environment)) {
    const at = () => environment.locate(['environments', environment.name]);
    yield { what: "broker's role", name: brokerRoleName(environment), most: 64, at };
  }
  if (environment.broker === undefined) return;
  for (const kind of PERSON_KINDS) {
    const at = () => environment.locate(['environments', environment.name]);
    yield { what: `role of each ${kind}`, name: personRoleName(kind, environment), most: 64, at };
  }
}

/**
 * The name of a caller of the broker is also its session name, or the source identity of its leases, so it must have a
 * valid form. Source: https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html (RoleSessionName,
 * SourceIdentity)
 */
function* sessions({ broker, agents, approvers, principals, locate }: Environment): Iterable<Complaint> {
  if (broker === undefined) return;
  const people = principals.filter(({ kind }) => kind === 'person');
  const all = [
    ...agents.map(({ name, locate: place }) => ({ name, at: () => place(['agents', name]) })),
    ...people.map(({ name, locate: place }) => ({ name, at: () => place(['name']) })),
    ...approvers
      .filter((approver) => !people.some(({ name }) => name === approver))
      .map((name) => ({ name, at: () => locate(['approvers']) })),
  ];
  for (const { name, at } of all) {
    if (name.length >= 2) continue;
    yield {
      message: `\`${name}\` would be the name or the source identity of a session, and STS requires at least 2 characters.`,
      hint: 'Choose a longer name.',
      at: at(),
    };
  }
}

function illegal(what: string, name: string, most: number): Omit<Complaint, 'at'> | undefined {
  if (name.length > most) {
    return {
      message: `The ${what} would be named \`${name}\`, ${name.length} characters, and IAM permits ${most}.`,
      hint: `Shorten the name of the project, of the environment or of the ${what} by ${name.length - most} ${name.length - most === 1 ? 'character' : 'characters'}.`,
    };
  }
  return textOf(NAME_ALPHABET, 1, most).test(name)
    ? undefined
    : {
        message: `The ${what} would be named \`${name}\`, which contains characters that IAM rejects.`,
        expected: 'letters, digits and `+=,.@-_`',
        hint: 'Choose another name.',
      };
}

/** Keys of session tags have at most 128 characters, and IAM ignores their case. */
function* tags({ roles }: Environment): Iterable<Complaint> {
  for (const role of roles) {
    const seen = new Map<string, string>();
    for (const { name } of role.parameters) {
      const at = () => role.locate(['parameters', name]);
      const tag = parameterTag(name);
      if (
        tag.length > LONGEST_TAG_KEY ||
        ![...tag].every((char) => char !== ' ' && ASCII_TAG_CHARACTERS.includes(char))
      ) {
        yield {
          message: `Parameter \`${name}\` becomes a session tag that STS rejects.`,
          hint: 'Choose a shorter name of letters, digits, `.`, `-` and `_`.',
          at: at(),
        };
      }
      const other = seen.get(tag.toLowerCase());
      if (other !== undefined) {
        yield {
          message: `Parameters \`${other}\` and \`${name}\` differ only in case, and are the same session tag for STS.`,
          hint: 'Rename one of them.',
          at: at(),
        };
      }
      seen.set(tag.toLowerCase(), name);
    }
  }
}
