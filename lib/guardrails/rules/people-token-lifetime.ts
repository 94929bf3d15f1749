import { firstWritten } from '../finding-place';
import { type EnvironmentGuardrail, pageOf } from '../guardrail';

/**
 * Maximum age of an access token, in seconds. A person who was removed from a group can keep the group's permissions
 * for this time.
 */
const LONGEST_ACCESS = 3600;
/** Maximum time for which a person stays signed in, in seconds. */
const LONGEST_REFRESH = 86_400;

/** Token lifetimes must be short, because a stolen token is usable until it expires. */
export const peopleTokenLifetime: EnvironmentGuardrail = {
  id: 'people-token-lifetime',
  title: 'A sign-in token is accepted for at most an hour, and a sign-in lasts at most a day',
  severity: 'error',
  page: pageOf('people-token-lifetime'),
  over: 'environment',
  *check({ environment }) {
    const { people, locate } = environment.broker ?? {};
    if (people === undefined || locate === undefined) return;
    const { signIn } = people;
    const path = ['people', 'signIn', signIn.type];
    if (signIn.accessSeconds > LONGEST_ACCESS) {
      yield {
        message: `A sign-in token would be accepted for ${signIn.accessSeconds} seconds, even if the person leaves a group during that time.`,
        expected: '`1h` or less',
        hint: 'Write `accessToken: 1h` or less; applications get new tokens by themselves.',
        at: firstWritten(locate, [...path, 'accessToken'], path),
      };
    }
    if (signIn.type === 'cognito' && signIn.refreshSeconds > LONGEST_REFRESH) {
      yield {
        message: `A person would stay signed in for ${signIn.refreshSeconds} seconds without another MFA check.`,
        expected: '`24h` or less',
        hint: 'Write `refreshToken: 24h` or less.',
        at: firstWritten(locate, [...path, 'refreshToken'], path),
      };
    }
  },
};
