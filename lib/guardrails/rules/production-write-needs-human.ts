import { firstWritten } from '../finding-place';
import { pageOf, type RoleGuardrail } from '../guardrail';

/** Roles that write in production must require a human's approval, by MFA or through the broker. */
export const productionWriteNeedsHuman: RoleGuardrail = {
  id: 'production-write-needs-human',
  title: 'A role that writes or deletes in production requires a human approval or an MFA code',
  severity: 'error',
  page: pageOf('production-write-needs-human'),
  over: 'role',
  *check({ role, environment }) {
    if (!environment.production || role.access === 'read' || role.broker?.humans !== 0) return;
    yield {
      message: `In \`${environment.name}\`, which is production, the broker opens this role to ${role.access} without asking a human.`,
      hint: 'Ask one human at least there: `approval: { humans: 1 }`.',
      at: firstWritten(role.locate, ['approval', 'humans'], ['gate']),
    };
  },
};
