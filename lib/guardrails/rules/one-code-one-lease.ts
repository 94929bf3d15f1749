import { mfaAgents } from '@leasehold/documents';
import { firstWritten } from '../finding-place';
import { type EnvironmentGuardrail, pageOf } from '../guardrail';

/**
 * An MFA code should be usable for only one lease. The setting `code-age`, with which one code can be used for several
 * leases, is intended only for accounts in which the conformance probes show that the setting is needed.
 */
export const oneCodeOneLease: EnvironmentGuardrail = {
  id: 'one-code-one-lease',
  title: 'One MFA code opens only one lease',
  severity: 'warning',
  page: pageOf('one-code-one-lease'),
  over: 'environment',
  *check({ environment }) {
    if (environment.mfa?.oneCodeOneLease !== 'code-age') return;
    if (!environment.roles.some((role) => mfaAgents(role, environment).length > 0)) return;
    yield {
      message: `In \`${environment.name}\` one code opens every role of an agent for a minute, because \`code-age\` is chosen.`,
      hint: 'Remove `mfa`, unless conformance shows that the account needs it; then say so in a waiver.',
      at: firstWritten(environment.locate, ['environments', environment.name, 'mfa'], ['mfa']),
    };
  },
};
