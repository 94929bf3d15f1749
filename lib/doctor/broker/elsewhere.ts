/** Finds other functions that use the broker's role or code, in every region of the account. */
import { brokerName, brokerRoleArn } from '@leasehold/documents';
import type { LiveFunction } from '../live/live';
import type { Unchecked } from '../observation';
import { observeEach, uncheckedBecause } from '../unread';
import type { AccountContext, AccountVerification, Damage } from '../verification';
import { codeUnknown, withBroker } from './function';

export const brokerRoleElsewhere: AccountVerification = {
  id: 'broker-role-elsewhere',
  part: 'broker',
  severity: 'critical',
  title: "No other function, in any region, uses the broker's role or runs the broker's code",
  why: 'Whoever can change the code of a function that runs with the role of the broker can assume every role that the broker can assume. A copy of the broker function accepts calls that the API of the broker never authorized.',
  applies: withBroker,
  verify: async (context) => {
    const { environment, live } = context;
    const { regions, unchecked } = await otherRegions(context);
    const observed = await observeEach(
      [environment.region, ...regions],
      (region) => `functions in ${region}`,
      async (region) =>
        (await live.functions(region))
          // The verification `broker-entrances` reports versions of the broker's own function.
          .filter(({ name }) => region !== environment.region || name !== brokerName(environment))
          .flatMap((each) => faultOf(each, context)),
    );
    const unknown =
      context.brokerCode === undefined ? [uncheckedBecause(codeUnknown(), "functions with the broker's code")] : [];
    return [...unchecked, ...unknown, ...observed];
  },
};

function faultOf(found: LiveFunction, { environment, brokerCode }: AccountContext): readonly Damage[] {
  const { arn, role, code } = found;
  const damage = (message: string): Damage => ({
    kind: 'damage',
    place: arn,
    message,
    hint: 'Give the function another role or remove the function, and find out who created it.',
  });
  if (role === brokerRoleArn(environment)) return [damage(`The function ${arn} runs as the broker's role.`)];
  return brokerCode !== undefined && code === brokerCode ? [damage(`The function ${arn} runs the broker's code.`)] : [];
}

/** The enabled regions, without the environment's region. */
async function otherRegions({
  environment,
  live,
}: AccountContext): Promise<{ readonly regions: readonly string[]; readonly unchecked: readonly Unchecked[] }> {
  try {
    const regions = await live.regions();
    return { regions: regions.filter((region) => region !== environment.region), unchecked: [] };
  } catch (error) {
    return { regions: [], unchecked: [uncheckedBecause(error, 'functions in other regions')] };
  }
}
