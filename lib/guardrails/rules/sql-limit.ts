import { runsSql, SQL_WITHOUT_USER } from '@leasehold/policy';
import { pageOf, type RoleGuardrail } from '../guardrail';
import { readAllows } from '../reading';

/** A role that runs SQL must name the database user whose permissions limit its SQL statements. */
export const sqlLimit: RoleGuardrail = {
  id: 'sql-limit',
  title: 'A role that runs SQL declares what limits its SQL statements',
  severity: 'error',
  page: pageOf('sql-limit'),
  unwaivable: 'state under `sql:` of the role what limits it',
  over: 'role',
  *check({ role, catalogue }) {
    let first: { id: string; path: readonly (string | number)[] } | undefined;
    let asUser: string | undefined;
    for (const { index, actions } of readAllows(role, catalogue)) {
      for (const [entry, reading] of actions.entries()) {
        const runs = reading.actions.find(({ id }) => runsSql(id));
        const user = reading.actions.find(({ id, service }) => runsSql(id) && !SQL_WITHOUT_USER.includes(service));
        asUser ??= user?.id;
        if (runs !== undefined) first ??= { id: runs.id, path: ['allow', index, 'actions', entry] };
      }
    }
    if (first === undefined) {
      if (role.sql !== undefined) {
        yield {
          severity: 'warning',
          message: 'This role has a `sql:` statement, but no action that runs SQL.',
          hint: 'Remove the statement.',
          at: role.locate(['sql']),
        };
      }
    } else if (role.sql === undefined) {
      yield {
        message: `\`${first.id}\` runs SQL, which IAM does not see: neither \`access: ${role.access}\` nor \`resources:\` limits it.`,
        expected:
          asUser === undefined
            ? '`sql: { limits: … }`: what the statements reach, and which permissions limit that'
            : '`sql:` with the database user whose credentials the role is given, and what that user may do',
        hint:
          asUser === undefined
            ? 'Write under `sql: { limits: … }` which permissions on the data limit it; there is no database user.'
            : 'Create a database user with only the grants that the task needs, and name it under `sql:`.',
        at: role.locate(first.path),
      };
    } else if ((asUser !== undefined && (role.sql.databaseUser ?? '').trim() === '') || role.sql.limits.trim() === '') {
      yield {
        message: 'The `sql:` statement leaves the database user or its limits empty.',
        hint: 'State the database user, what this user may do, and where these permissions are granted.',
        at: role.locate(['sql']),
      };
    }
  },
};
