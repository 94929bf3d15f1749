import { type ActionInfo, type Catalogue, parseArn } from '@leasehold/policy';
import { type ConditionEntry, conditionsOf, sameKey } from '../conditions';
import { type Complaint, pageOf, type RoleGuardrail } from '../guardrail';
import { readAllows } from '../reading';
import { namesSame } from '../resources';

/**
 * A role that is limited to some items of a DynamoDB table must not have another way to access the other items.
 */
export const leadingKeys: RoleGuardrail = {
  id: 'leading-keys',
  title: 'A limit on `dynamodb:LeadingKeys` cannot be bypassed',
  severity: 'error',
  page: pageOf('leading-keys'),
  unwaivable: 'this condition separates the rows of one customer from those of another',
  over: 'role',
  *check({ role, catalogue }) {
    const allows = readAllows(role, catalogue);
    const scoped = allows.filter((allow) => conditionsOf(allow).some(isScope));
    if (scoped.length === 0) return;
    const tables = scoped.flatMap(({ allow }) => allow.resources).map(tableOf);
    for (const allow of allows) {
      const entries = conditionsOf(allow);
      const scope = entries.filter(isScope);
      for (const entry of scope) {
        const complaint = loose(entry);
        if (complaint) yield { ...complaint, at: role.locate(entry.path) };
      }
      if (!allow.allow.resources.map(tableOf).some((table) => tables.some((other) => namesSame(table, other))))
        continue;
      for (const [index, reading] of allow.actions.entries()) {
        const around = reading.actions.find((action) => goesAround(action, scope.length > 0, entries, catalogue));
        if (around === undefined) continue;
        yield { ...bypass(around), at: role.locate(['allow', allow.index, 'actions', index]) };
      }
    }
  },
};

type Unplaced = Omit<Complaint, 'at'>;

/**
 * The condition keys whose values are the partition keys in a request. Source:
 * https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/specifying-conditions.html
 */
const SCOPE_KEY = /^dynamodb:(LeadingKeys|(First|Second|Third|Fourth)PartitionKeyValues)$/i;

/**
 * Actions that return a table's items, or copy the items to another place, without a leading key in the request.
 * Source: https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazondynamodb.html
 */
const UNKEYED: ReadonlySet<string> = new Set([
  'dynamodb:Scan',
  'dynamodb:GetRecords',
  'dynamodb:ExportTableToPointInTime',
  'dynamodb:CreateBackup',
  'dynamodb:StartAwsBackupJob',
  'dynamodb:RestoreTableFromAwsBackup',
  'dynamodb:RestoreTableFromBackup',
  'dynamodb:RestoreTableToPointInTime',
  'dynamodb:CreateGlobalTable',
  'dynamodb:CreateTableReplica',
  'dynamodb:EnableKinesisStreamingDestination',
]);

function isScope({ key, operator }: ConditionEntry): boolean {
  return SCOPE_KEY.test(key) && operator?.family !== 'Null';
}

/** To be effective, the condition must apply to every key in the request and compare the keys as text. */
function loose({ name, operator, key }: ConditionEntry): Unplaced | undefined {
  const tight =
    operator?.set === 'ForAllValues' && operator.family === 'String' && !operator.negated && !operator.ifExists;
  if (operator === undefined || tight) return undefined;
  return {
    message: `\`${name}\` on \`${key}\` does not restrict a request to the listed keys.`,
    hint: `Write \`ForAllValues:StringEquals\` together with \`"Null": { ${key}: false }\`.`,
  };
}

function goesAround(
  action: ActionInfo,
  scoped: boolean,
  entries: readonly ConditionEntry[],
  catalogue: Catalogue,
): boolean {
  if (action.service !== 'dynamodb') return false;
  if (UNKEYED.has(action.id)) return true;
  const found = catalogue.conditionKey('dynamodb:LeadingKeys', action);
  if (!(found.known && found.applies)) return false;
  // An action on items must be limited to leading keys, and a PartiQL select must be required to contain them.
  return !scoped || (action.id === 'dynamodb:PartiQLSelect' && !refusesFullScan(entries));
}

function refusesFullScan(entries: readonly ConditionEntry[]): boolean {
  return entries.some(
    ({ name, key, values }) =>
      name === 'Bool' &&
      sameKey(key, 'dynamodb:FullTableScan') &&
      values.length > 0 &&
      values.every((value) => value.toLowerCase() === 'false'),
  );
}

function bypass({ id }: ActionInfo): Unplaced {
  if (id === 'dynamodb:PartiQLSelect') {
    return {
      message:
        '`dynamodb:PartiQLSelect` without a key in its `WHERE` reads the whole table, past the leading-key scope.',
      hint: 'Put it into the statement with the scope, and add `Bool: { dynamodb:FullTableScan: false }` there.',
    };
  }
  if (UNKEYED.has(id)) {
    return {
      message: `\`${id}\` carries no \`dynamodb:LeadingKeys\`, so it bypasses that condition and reads every row.`,
      hint: 'Remove it, or move it to a separate role.',
    };
  }
  return {
    message: `\`${id}\` is allowed here without the leading-key scope that another statement puts on the table.`,
    hint: 'Put it into the statement with the scope.',
  };
}

/** The table in the ARN of a table, an index or a stream. */
function tableOf(resource: string): string {
  const arn = parseArn(resource);
  if (arn === undefined) return resource;
  const slash = arn.resource.indexOf('/', arn.resource.indexOf('/') + 1);
  return slash < 0 ? resource : resource.slice(0, resource.length - arn.resource.length + slash);
}
