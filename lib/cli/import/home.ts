/** Determines the account and region of the imported roles. */
import type { Definitions } from '@leasehold/definitions';
import { isKnownRegion, many, parseArn, partitionOf } from '@leasehold/policy';
import { UsageError } from '../exit';
import type { Home, ImportSource } from './model';

export interface HomeFlags {
  readonly account?: string | undefined;
  readonly region?: string | undefined;
}

/**
 * If no ARN contains an account, this account is used, but only for checks: the written roles contain `${env.account}`.
 */
const NO_ACCOUNT = '111122223333';
const NO_REGION = 'us-east-1';

/**
 * Determines the account and region. The first of these that exists is used: the flags; the project's environment that
 * the source's ARNs name most often, or else the project's first environment; without a project, the account and region
 * that the ARNs name most often.
 * @throws UsageError
 */
export function homeOf(sources: readonly ImportSource[], flags: HomeFlags, definitions?: Definitions): Home {
  const { account, region } = flags;
  if (account !== undefined && !/^\d{12}$/.test(account)) {
    throw new UsageError(`--account ${account}: this is not an account id`, {
      expected: 'twelve digits',
      hint: 'Correct it.',
    });
  }
  const partition = region === undefined ? undefined : partitionOf(region);
  if (region !== undefined && (partition === undefined || !isKnownRegion(region))) {
    throw new UsageError(`--region ${region}: Leasehold does not deploy to this region`, {
      expected: 'for example eu-west-1',
      hint: 'Correct it.',
    });
  }
  const arns = sources.flatMap(arnsOf);
  const accounts = ranked(arns.map((arn) => arn.account).filter((text) => /^\d{12}$/.test(text)));
  const regions = ranked(arns.map((arn) => arn.region).filter(isKnownRegion));
  const environments = definitions?.environments ?? [];
  const environment =
    accounts.map((each) => environments.find((one) => one.account === each)).find((one) => one !== undefined) ??
    environments[0];
  const found = region ?? environment?.region ?? regions[0] ?? NO_REGION;
  return {
    account: account ?? environment?.account ?? accounts[0] ?? NO_ACCOUNT,
    region: found,
    partition: partitionOf(found) ?? 'aws',
  };
}

function arnsOf({ documents }: ImportSource) {
  const statements = documents.flatMap(({ Statement }) => many(Statement));
  return statements.flatMap(({ Resource, NotResource }) =>
    [...many(Resource), ...many(NotResource)].flatMap((text) => parseArn(text) ?? []),
  );
}

/** The strings, sorted by frequency. Strings with equal frequency keep their order. */
function ranked(texts: readonly string[]): readonly string[] {
  const counts = new Map<string, number>();
  for (const text of texts) counts.set(text, (counts.get(text) ?? 0) + 1);
  return [...counts].toSorted(([, a], [, b]) => b - a).map(([text]) => text);
}
