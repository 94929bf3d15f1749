import { pageOf, type RoleGuardrail } from '../guardrail';

/** A role whose only gate is `broker` cannot be assumed if no broker is deployed. */
export const brokerNotDeployed: RoleGuardrail = {
  id: 'broker-not-deployed',
  title: 'A role with only gate `broker` cannot be opened until a broker is deployed',
  severity: 'note',
  page: pageOf('broker-not-deployed'),
  over: 'role',
  *check({ role, environment }) {
    if (environment.broker !== undefined || role.gates.length !== 1 || role.gates[0] !== 'broker') return;
    yield {
      message: `Only a broker opens this role, and \`${environment.name}\` has none: it cannot be opened there.`,
      hint: 'Write a document with `kind: Broker`, or add gate `mfa`.',
      at: role.locate(['gate']),
    };
  },
};
