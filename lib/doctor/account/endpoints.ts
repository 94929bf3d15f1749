import type { AccountVerification, Damage } from '../verification';

export const awsEndpoints: AccountVerification = {
  id: 'aws-endpoints',
  part: 'account',
  severity: 'critical',
  title: 'Every answer came from an endpoint of AWS',
  why: 'AWS_ENDPOINT_URL, or `endpoint_url` in a configuration file, sends the calls of the doctor to another address. A copy of AWS there can answer that everything is fine.',
  afterOthers: true,
  verify: async ({ live }) =>
    live.aws.redirected().map(
      (address): Damage => ({
        kind: 'damage',
        place: address,
        message: 'The calls went to another address than that of AWS, so no result of this service can be trusted.',
        hint: 'Unset the variable, or remove `endpoint_url` from the configuration file, and run the doctor again.',
      }),
    ),
};
