/**
 * Actions that run SQL, or that open a session for SQL. IAM checks the action and the database, but never the SQL
 * statement. The permissions of the database user determine what can be read, changed or deleted. Roles with these
 * actions need a read-only database user, and a comment on where that user is restricted.
 */
import { described, documented, type SourcedAction } from './sources';

export interface SqlAction extends SourcedAction {
  /**
   * `statement`: the call contains SQL. `login`: the call opens a connection, or returns the password for a connection.
   */
  readonly kind: 'statement' | 'login';
}

const STATEMENTS: readonly SourcedAction[] = [
  documented('rds-data:ExecuteStatement', 'Runs one statement as the database user whose secret is used.'),
  documented(
    'rds-data:BatchExecuteStatement',
    'Runs one statement many times as the database user whose secret is used.',
  ),
  documented('rds-data:ExecuteSql', 'Runs statements as the database user whose secret is used.'),
  documented('redshift-data:ExecuteStatement', 'Runs one statement as the database user.'),
  documented('redshift-data:BatchExecuteStatement', 'Runs statements as the database user.'),
  documented('athena:StartQueryExecution', 'Runs a statement, which may drop tables and delete rows.'),
  documented('athena:StartCalculationExecution', 'Runs code on the data.'),
  described('athena:RunQuery', 'Runs a statement.'),
  described('sqlworkbench:DriverExecute', 'Runs a statement as the connected user.'),
  described('qldb:SendCommand', 'Runs statements on a ledger.'),
  described('timestream:Unload', 'Runs a statement and writes the rows to a bucket.'),
  documented('glue:RunStatement', 'Runs code on the data.'),
];

const LOGINS: readonly SourcedAction[] = [
  described('dsql:DbConnect', 'Connects to the database as the database role that is bound to the caller.'),
  described('dsql:DbConnectAdmin', 'Connects as the administrator.'),
  described('rds-db:connect', 'Connects to the database as the database user that the resource ARN names.'),
  documented('redshift:GetClusterCredentials', 'Returns a password for the requested database user.'),
  described('redshift:GetClusterCredentialsWithIAM', "Returns a password for the caller's database user."),
  documented('redshift-serverless:GetCredentials', "Returns a password for the caller's database user."),
];

export const SQL_ACTIONS: readonly SqlAction[] = [
  ...STATEMENTS.map((entry) => ({ ...entry, kind: 'statement' as const })),
  ...LOGINS.map((entry) => ({ ...entry, kind: 'login' as const })),
];

/**
 * Services that run SQL with the caller's permissions and have no database users. The IAM permissions on the data limit
 * what a statement can access.
 * Source: https://docs.aws.amazon.com/athena/latest/ug/security-iam-athena.html
 */
export const SQL_WITHOUT_USER: readonly string[] = ['athena', 'glue', 'qldb', 'timestream'];
