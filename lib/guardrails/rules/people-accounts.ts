import { largest } from '@leasehold/contract/any-length';
import type { Environment } from '@leasehold/definitions';
import { type Complaint, type EnvironmentGuardrail, pageOf } from '../guardrail';

/** The definitions must link each approver to a sign-in account, so that the broker never counts one person twice. */
export const peopleAccounts: EnvironmentGuardrail = {
  id: 'people-accounts',
  title:
    'The definitions state which account every approver and administrator signs in with, or that they have no account',
  severity: 'error',
  page: pageOf('people-accounts'),
  unwaivable: 'somebody could request with one identity and approve with another',
  over: 'environment',
  *check({ environment }) {
    const { people } = environment.broker ?? {};
    if (people === undefined) return;
    yield* withoutAccount(environment);
    if (people.approveWith === 'passkey') yield* tooFew(environment);
  },
};

function* withoutAccount({ approvers, principals, locate }: Environment): Iterable<Complaint> {
  for (const [index, name] of approvers.entries()) {
    const person = personOf(name, principals);
    if (person?.signIn !== undefined) continue;
    yield {
      message: `\`${name}\` approves as an IAM user, and nothing says with which account \`${name}\` signs in.`,
      hint: `Write \`signIn\` in the principal \`${name}\`: the name of the account, or \`false\` if there is none.`,
      at: person === undefined ? locate(['approvers', index]) : person.locate(['name']),
    };
  }
  for (const { kind, name, administrator, signIn, locate: at } of principals) {
    if (kind !== 'person' || !administrator || signIn !== undefined || approvers.includes(name)) continue;
    yield {
      message: `\`${name}\` is an administrator, and nothing says with which account \`${name}\` signs in.`,
      hint: 'Write `signIn`: the name of the account, or `false` if there is none.',
      at: at(['name']),
    };
  }
}

/** Only approvers who have a sign-in account can sign with a passkey. */
function* tooFew({ approvers, principals, roles, broker }: Environment): Iterable<Complaint> {
  const able = approvers.filter((name) => typeof personOf(name, principals)?.signIn === 'string');
  const most = largest(
    roles.map((role) => role.broker?.humans ?? 0),
    0,
  );
  if (most <= able.length || broker === undefined) return;
  const role = roles.find((each) => each.broker?.humans === most);
  yield {
    message: `\`${role?.name}\` asks ${most === 1 ? 'one human' : `${most} humans`} for a signature, and ${able.length === 0 ? 'no approver' : `only \`${able.join('`, `')}\``} can sign in.`,
    hint: 'Write the account of more approvers as `signIn` in their principals.',
    at: broker.locate(['people', 'approveWith']),
  };
}

function personOf(name: string, principals: Environment['principals']) {
  return principals.find((each) => each.kind === 'person' && each.name === name);
}
