import { firstWritten } from '../finding-place';
import { pageOf, type RoleGuardrail } from '../guardrail';
import { readManaged } from '../managed';
import { readAllows } from '../reading';

/**
 * Read access to sensitive production data must require an approval or a review, or must be limited to the
 * requester's own data.
 */
export const productionSensitiveRead: RoleGuardrail = {
  id: 'production-sensitive-read',
  title: 'A role with a sensitive read in production requires a human or a reviewer, or is bound to an identity',
  severity: 'warning',
  page: pageOf('production-sensitive-read'),
  over: 'role',
  *check({ role, environment, catalogue }) {
    const { broker, parameters } = role;
    if (!environment.production || broker?.humans !== 0 || broker.reviewer !== 'off') return;
    if (parameters.some(({ from }) => from !== undefined)) return;
    const actions = readAllows(role, catalogue).flatMap((allow) => allow.actions);
    const [sensitive] = actions.flatMap((reading) => reading.sensitive);
    const handed = role.passes.length > 0 ? 'iam:PassRole' : role.assumes.length > 0 ? 'sts:AssumeRole' : undefined;
    const [managed] = readManaged(role, catalogue).flatMap((reading) => reading.sensitive);
    const id = handed ?? sensitive?.id ?? managed?.id;
    if (id === undefined) return;
    yield {
      message: `In \`${environment.name}\`, which is production, \`${id}\` is available on request: no human and no reviewer reads the request.`,
      hint: 'Ask a human, let a reviewer read the requests, or bind a parameter to an identity with `from`.',
      at: firstWritten(role.locate, ['approval', 'humans'], ['gate']),
    };
  },
};
