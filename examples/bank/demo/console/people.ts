/** The people of the demo: some already have a passkey, the others get a one-time code for their first one. */
import { issueFirstTestCode, SigningPerson } from 'leasehold/dev';
import type { Stage } from '../stage';

/** Approvers who have already answered some of the leases. */
export interface Approvers {
  readonly emil: SigningPerson;
  readonly hana: SigningPerson;
  readonly deputy: SigningPerson;
}

/** Registers virtual passkeys: the first one of the broker for the deputy administrator, then those of two approvers. */
export async function registerPasskeys({ person }: Pick<Stage, 'person'>): Promise<Approvers> {
  const bruno = await person('bruno', 'administrator');
  const deputy = await SigningPerson.register(
    bruno,
    await issueFirstTestCode(bruno, 'bruno'),
    'Security key in the safe',
  );
  const approver = async (name: string) =>
    SigningPerson.register(await person(name, 'approver'), await deputy.issueCode(name), 'Laptop');
  return { deputy, emil: await approver('emil'), hana: await approver('hana') };
}

/** Hours for which the printed codes are valid. */
export const CODE_HOURS = 12;

/** One-time codes for the people as whom the user of the demo signs in. */
export async function visitorCodes({ deputy }: Approvers): Promise<Readonly<Record<string, string>>> {
  const seconds = CODE_HOURS * 3600;
  return {
    olga: await deputy.issueCode('olga', { seconds }),
    ravi: await deputy.issueCode('ravi', { seconds }),
    ada: await deputy.issueCode('ada', { seconds, administrator: true }),
  };
}
