import { firstWritten } from '../finding-place';
import { type EnvironmentGuardrail, pageOf } from '../guardrail';

/**
 * Sign-in must require MFA. A user pool that Leasehold creates always requires MFA. For any other issuer, the
 * definitions must confirm that MFA is required.
 */
export const peopleMfa: EnvironmentGuardrail = {
  id: 'people-mfa',
  title: 'The definitions declare, with a reason, that the issuer with which people sign in requires MFA',
  severity: 'error',
  page: pageOf('people-mfa'),
  unwaivable: 'without MFA, a password that was guessed or phished would be enough to call the broker',
  over: 'environment',
  *check({ environment }) {
    const { people, locate } = environment.broker ?? {};
    if (people?.signIn.type !== 'oidc' || locate === undefined) return;
    const { by, because } = people.signIn.mfa;
    if (by !== undefined && because !== undefined) return;
    const path = ['people', 'signIn', 'oidc'];
    yield {
      message:
        by === undefined
          ? `Nothing says that \`${people.signIn.issuer}\` requires MFA of everybody who signs in.`
          : `\`${people.signIn.issuer}\` is declared to require MFA, without the reason to believe it.`,
      expected: '`mfa: issuer` and `because`',
      hint: 'Make the issuer require MFA for this client, then write `mfa: issuer`, and the name of its policy as `because`.',
      at: firstWritten(locate, [...path, 'mfa'], [...path, 'issuer']),
    };
  },
};
