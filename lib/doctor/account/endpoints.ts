import type { AccountVerification, Damage } from '../verification';

export const awsEndpoints: AccountVerification = {
  id: 'aws-endpoints',
  part: 'account',
  severity: 'critical',
  title: 'Every response came from an endpoint of AWS',
  why: "If AWS_ENDPOINT_URL, or `endpoint_url` in a configuration file, is set, the doctor's calls go to another address. A server at that address can imitate AWS and report that everything is fine.",
  afterOthers: true,
  verify: async ({ live }) =>
    live.aws.redirected().map(
      (address): Damage => ({
        kind: 'damage',
        place: address,
        message:
          'The calls went to an address that does not belong to AWS, so no result for this service can be trusted.',
        hint: 'Unset the variable, or remove `endpoint_url` from the configuration file, and run the doctor again.',
      }),
    ),
};
