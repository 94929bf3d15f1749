import { type EnvironmentGuardrail, pageOf } from '../guardrail';

/** Addresses of Cognito user pools. A user pool signs two kinds of tokens with the same key. */
const COGNITO = /^https:\/\/cognito-idp\.[a-z0-9-]+\.amazonaws\.com(\.cn)?\//;

/**
 * If an issuer signs several kinds of tokens, the broker must accept only one kind. Source:
 * https://docs.aws.amazon.com/cognito/latest/developerguide/amazon-cognito-user-pools-using-tokens-verifying-a-jwt.html
 */
export const tokenUse: EnvironmentGuardrail = {
  id: 'token-use',
  title: 'Only one kind of token of a Cognito user pool is accepted',
  severity: 'warning',
  page: pageOf('token-use'),
  over: 'environment',
  *check({ environment }) {
    const { subjects = [], locate } = environment.broker ?? {};
    for (const [index, { issuer, tokenUse: use }] of subjects.entries()) {
      if (use !== undefined || !COGNITO.test(issuer) || locate === undefined) continue;
      yield {
        message: `\`${issuer}\` signs id and access tokens with one key, and both kinds would be accepted.`,
        hint: 'Write `tokenUse: access`, or `id` if the application passes id tokens.',
        at: locate(['subjects', index, 'issuer']),
      };
    }
  },
};
