import { firstWritten } from '../finding-place';
import { type EnvironmentGuardrail, pageOf } from '../guardrail';

/**
 * In production, the definitions must state how people approve: with a passkey signature, or with an IAM user's MFA
 * code. A signature requires a console domain to which passkeys are bound. Without a domain, the broker rejects every
 * approval.
 */
export const peopleConsent: EnvironmentGuardrail = {
  id: 'people-consent',
  title:
    'If people sign in and roles in production require human approvals, the definitions state how humans approve, and passkeys have a domain',
  severity: 'error',
  page: pageOf('people-consent'),
  over: 'environment',
  *check({ environment }) {
    const { people, console, locate } = environment.broker ?? {};
    if (people === undefined || locate === undefined) return;
    if (people.approveWith === 'passkey' && console === undefined) {
      yield {
        message: `Nobody can approve in \`${environment.name}\`: passkeys are bound to the console's domain, and there is none.`,
        expected: '`console` with a `domain` and its `certificate`',
        hint: 'Write `console` in the broker, or `approveWith: mfa` if approvers have IAM users.',
        at: firstWritten(locate, ['people', 'approveWith']),
      };
    }
    if (people.approveWith !== undefined || !environment.production) return;
    const asking = environment.roles.filter(({ broker }) => (broker?.humans ?? 0) > 0);
    if (asking.length === 0) return;
    yield {
      message: `Nothing says how humans approve \`${asking[0]?.name}\` in \`${environment.name}\`, which is production.`,
      expected: '`passkey` or `mfa`',
      hint: 'Write `approveWith: passkey`, or `approveWith: mfa` if approvers have IAM users.',
      at: firstWritten(locate, ['people', 'approveWith'], ['people', 'signIn']),
    };
  },
};
