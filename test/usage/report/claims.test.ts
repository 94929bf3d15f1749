/** When an action can be reported as unused: a decision table. */
import { type ClaimOptions, readRecorders, type SourceKind, TrailError } from '@leasehold/usage';
import { aProject, type Call, HEAD, usageAfter } from '../support/project';
import { aCall, type Fields } from '../support/records';

const HERE = 'arn:aws:dynamodb:ap-northeast-2:123456789012:table/orders';

interface Case {
  readonly action: string;
  readonly resource?: string;
  readonly calls?: readonly Call[];
  readonly kind?: SourceKind;
  readonly claims?: ClaimOptions;
  readonly more?: readonly Fields[];
}

/** The status of an action, and why it is not known. */
async function statusOf({ action, resource = HERE, calls = [], ...seen }: Case): Promise<string> {
  const project = aProject(`${HEAD}allow:
  - actions: ["${action}"]
    resources: ["${resource}"]
  - actions: [sns:ListTopics]
    resources: ["*"]
`);
  const [usage] = await usageAfter(project, [['sns.ListTopics'], ...calls], seen);
  const entry = usage?.entries.find(({ list }) => list === 'actions');
  return entry?.why === undefined ? (entry?.status ?? '') : `${entry.status}: ${entry.why}`;
}

const TABLES = [
  { FieldSelectors: [{ Field: 'eventCategory', Equals: ['Management'] }] },
  {
    FieldSelectors: [
      { Field: 'eventCategory', Equals: ['Data'] },
      { Field: 'resources.type', Equals: ['AWS::DynamoDB::Table'] },
    ],
  },
];
const trailArn = (account = '123456789012', name = 'main') =>
  `arn:aws:cloudtrail:ap-northeast-2:${account}:trail/${name}`;
const recorders = (...values: readonly object[]) =>
  readRecorders(values.map((value, index) => ({ place: `${index}`, text: JSON.stringify(value) })));
const trail = (account?: string, name?: string) => ({
  TrailARN: trailArn(account, name),
  AdvancedEventSelectors: TABLES,
});
/** A trail without data events. */
const plain = (account?: string, name?: string) => ({
  TrailARN: trailArn(account, name),
  EventSelectors: [{ ReadWriteType: 'All', IncludeManagementEvents: true }],
});
const WHOLE = { ReadWriteType: 'All', IncludeManagementEvents: true };
const organization = (account: string) => ({
  trailList: [{ TrailARN: trailArn(account), IsOrganizationTrail: true }],
});
const all = recorders(trail());
const table = { tableName: 'orders' };
const SECRET = 'arn:aws:secretsmanager:ap-northeast-2:123456789012:secret:shop-??????';
/** AWS denied a call, and named one action. */
const denied = (action: string): Fields => ({
  errorCode: 'AccessDeniedException',
  errorMessage: `User: x is not authorized to perform: ${action} on resource: * because no policy allows it`,
});
/** The sandbox decided about some actions, and denied the last. */
const decided = (...actions: readonly string[]): Fields => ({
  verdict: 'denied',
  decisions: actions.map((action, index) => ({
    outcome: index === actions.length - 1 ? 'implicitDeny' : 'allowed',
    action,
    resource: HERE,
  })),
});

it.each<[what: string, given: Case, status: string]>([
  ['a management action that nobody used', { action: 'dynamodb:DeleteTable' }, 'unused'],
  ['one that was used', { action: 'dynamodb:DeleteTable', calls: [['dynamodb.DeleteTable', table]] }, 'used'],
  [
    'one that failed for another reason than a denial',
    {
      action: 'dynamodb:DeleteTable',
      calls: [['dynamodb.DeleteTable', table, { errorCode: 'ResourceNotFoundException' }]],
    },
    'used',
  ],
  [
    'one that was denied',
    {
      action: 'dynamodb:DeleteTable',
      calls: [['dynamodb.DeleteTable', table, { errorCode: 'AccessDeniedException' }]],
    },
    'unknown: AWS denied dynamodb:DeleteTable, so that a task may need it',
  ],
  [
    'an action that a denied call needs as well',
    {
      action: 'secretsmanager:GetSecretValue',
      resource: SECRET,
      calls: [['secretsmanager.BatchGetSecretValue', {}, denied('secretsmanager:BatchGetSecretValue')]],
    },
    'unknown: BatchGetSecretValue may need secretsmanager:GetSecretValue',
  ],
  [
    'the action of a denied call of which AWS named another',
    {
      action: 'secretsmanager:BatchGetSecretValue',
      resource: '*',
      calls: [['secretsmanager.BatchGetSecretValue', {}, denied('secretsmanager:ListSecrets')]],
    },
    'unknown: BatchGetSecretValue may need secretsmanager:BatchGetSecretValue',
  ],
  [
    'an action of a service with a denied call that is not understood',
    { action: 'dynamodb:DeleteTable', calls: [['dynamodb.Something', {}, denied('dynamodb:DescribeTable')]] },
    'unknown: which actions Something needs is not known',
  ],
  [
    'an action that the sandbox did not reach',
    {
      action: 'dynamodb:DeleteItem',
      kind: 'sandbox',
      calls: [['dynamodb.TransactWriteItems', {}, decided('dynamodb:PutItem')]],
    },
    'unknown: TransactWriteItems may need dynamodb:DeleteItem',
  ],
  [
    'an action of a service with a call that is not understood and that the sandbox denied',
    {
      action: 'dynamodb:DeleteTable',
      kind: 'sandbox',
      calls: [['dynamodb.Something', {}, decided('dynamodb:PutItem')]],
    },
    'unknown: which actions Something needs is not known',
  ],
  [
    'an action of a call about which the sandbox decided nothing',
    {
      action: 'dynamodb:DeleteTable',
      kind: 'sandbox',
      calls: [['dynamodb.DeleteTable', table, { verdict: 'allowed', decisions: [] }]],
    },
    'used',
  ],
  [
    'an action of a call of which a decision cannot be read',
    {
      action: 'dynamodb:DeleteTable',
      kind: 'sandbox',
      calls: [['dynamodb.DeleteTable', table, { verdict: 'allowed', decisions: [{ outcome: 'allowed' }] }]],
    },
    'used',
  ],
  [
    'a data event without selectors',
    { action: 'dynamodb:GetItem' },
    'unknown: data events of dynamodb are not known to be recorded',
  ],
  ['a data event that the selectors name', { action: 'dynamodb:GetItem', claims: { recorders: all } }, 'unused'],
  [
    'a data event that the selectors of a trail of another account name',
    { action: 'dynamodb:GetItem', claims: { recorders: recorders(trail('210987654321')) } },
    'unknown: data events of dynamodb are not known to be recorded',
  ],
  [
    'a data event that only one of two trails of the account records',
    { action: 'dynamodb:GetItem', claims: { recorders: recorders(trail(), plain(undefined, 'other')) } },
    'unknown: data events of dynamodb are not known to be recorded',
  ],
  [
    'a data event that the older of two outputs about a trail names',
    { action: 'dynamodb:GetItem', claims: { recorders: recorders(trail(), plain()) } },
    'unknown: data events of dynamodb are not known to be recorded',
  ],
  [
    'a data event that the trail of the account records, beside a trail of another account',
    { action: 'dynamodb:GetItem', claims: { recorders: recorders(trail(), plain('210987654321')) } },
    'unused',
  ],
  [
    'a data event that the trail of the organization records',
    {
      action: 'dynamodb:GetItem',
      claims: { recorders: recorders(organization('210987654321'), trail('210987654321')) },
    },
    'unused',
  ],
  [
    'a data event that the trail of an organization leaves out',
    {
      action: 'dynamodb:GetItem',
      claims: {
        recorders: recorders({ Trail: organization('210987654321').trailList[0] }, trail(), plain('210987654321')),
      },
    },
    'unknown: data events of dynamodb are not known to be recorded',
  ],
  [
    'a data event of another type',
    { action: 's3:GetObject', resource: 'arn:aws:s3:::hermes-dev-deploy/*', claims: { recorders: all } },
    'unknown: data events of s3 are not known to be recorded',
  ],
  ['a data event in the log of a sandbox', { action: 'dynamodb:GetItem', kind: 'sandbox' }, 'unused'],
  [
    'a data event in the event history',
    { action: 'dynamodb:GetItem', kind: 'lookup', claims: { recorders: all } },
    'unknown: data events of dynamodb are not known to be recorded',
  ],
  [
    'an action that another event may have used',
    { action: 'dynamodb:DeleteItem', claims: { recorders: all }, calls: [['dynamodb.TransactWriteItems']] },
    'unknown: TransactWriteItems may need dynamodb:DeleteItem',
  ],
  [
    'an action of a service with an event that is not understood',
    { action: 'dynamodb:DeleteTable', calls: [['dynamodb.Something']] },
    'unknown: which actions Something needs is not known',
  ],
  [
    'an event that is not understood, of another service',
    { action: 'dynamodb:DeleteTable', calls: [['ecs.RunTask']] },
    'unused',
  ],
  [
    'tagging, where something was created',
    { action: 'dynamodb:TagResource', calls: [['dynamodb.CreateTable', table]] },
    'unknown: a call that creates something can need dynamodb:TagResource',
  ],
  ['tagging, where nothing was created', { action: 'dynamodb:TagResource' }, 'unused'],
  [
    'an action of a service that is not listed',
    { action: 'ecs:RunTask', resource: 'arn:aws:ecs:ap-northeast-2:123456789012:task-definition/x:*' },
    'unknown: which events ecs records is not known',
  ],
  [
    'an action without an event of its own',
    { action: 's3:GetObjectVersion', resource: 'arn:aws:s3:::hermes-dev-deploy/*' },
    'unknown: whether each use of s3:GetObjectVersion has an event of its own is not known',
  ],
  [
    'a resource in a region of which nothing was read',
    { action: 'dynamodb:DeleteTable', resource: 'arn:aws:dynamodb:eu-west-1:123456789012:table/orders' },
    'unknown: no event of the region eu-west-1 was read',
  ],
  [
    'resources of any region, in the event history of some',
    { action: 'ec2:DescribeVpcs', resource: '*', kind: 'lookup' },
    'unknown: a lease may have been issued in a region that was not looked up',
  ],
  [
    'a resource in a region that was looked up',
    { action: 'dynamodb:DeleteTable', kind: 'lookup' },
    'unknown: a lease may have been issued in a region that was not looked up',
  ],
  [
    'a resource in a region that was looked up, where leases are issued only there',
    { action: 'dynamodb:DeleteTable', kind: 'lookup', claims: { onlyTheseRegions: true } },
    'unused',
  ],
  [
    'the same, where leases act only there',
    { action: 'ec2:DescribeVpcs', resource: '*', kind: 'lookup', claims: { onlyTheseRegions: true } },
    'unused',
  ],
  ['resources of any region, in a trail of several', { action: 'ec2:DescribeVpcs', resource: '*' }, 'unused'],
])('%s', async (_, given, status) => expect(await statusOf(given)).toBe(status));

it('claims nothing without a lease, and nothing if a part was not read', async () => {
  const project = aProject(`${HEAD}allow:\n  - actions: [dynamodb:DeleteTable]\n    resources: ["${HERE}"]\n`);
  const [role] = project.definitions.environments[0]?.roles ?? [];
  if (role === undefined) throw new Error('no role');
  const [broken] = await usageAfter(project, [], { more: [{ eventTime: 'no time' }] });
  expect([broken?.nothing, broken?.entries.map(({ status }) => status)]).toEqual([
    'some events could not be read',
    ['unknown', 'unknown'],
  ]);
  const foreign = aCall(role, 'dynamodb.DeleteTable', { recipientAccountId: '210987654321' });
  const [other] = await usageAfter(project, [], { more: [foreign] });
  expect(other?.entries.map(({ status }) => status)).toEqual(['unused', 'unused']);
  const [nobody] = await usageAfter({ definitions: project.definitions }, [], { environments: ['dev'], nobody: true });
  expect(nobody?.nothing).toBe('no lease of dev/work was seen');
});

it.each<[what: string, selectors: object, management: boolean, data: boolean]>([
  ['of the default', { EventSelectors: [{ ReadWriteType: 'All', IncludeManagementEvents: true }] }, true, false],
  [
    'that only write',
    { EventSelectors: [{ ReadWriteType: 'WriteOnly', IncludeManagementEvents: true }] },
    false,
    false,
  ],
  [
    'that leave out the service',
    { EventSelectors: [{ ...WHOLE, ExcludeManagementEventSources: ['dynamodb.amazonaws.com'] }] },
    false,
    false,
  ],
  [
    'of all tables',
    { EventSelectors: [{ ...WHOLE, DataResources: [{ Type: 'AWS::DynamoDB::Table', Values: ['arn:aws:dynamodb'] }] }] },
    true,
    true,
  ],
  [
    'of one table',
    { EventSelectors: [{ ...WHOLE, DataResources: [{ Type: 'AWS::DynamoDB::Table', Values: [HERE] }] }] },
    true,
    false,
  ],
  [
    'with another field',
    {
      AdvancedEventSelectors: [
        {
          FieldSelectors: [
            { Field: 'eventCategory', Equals: ['Data'] },
            { Field: 'resources.type', Equals: ['AWS::DynamoDB::Table'] },
            { Field: 'eventName', Equals: ['GetItem'] },
          ],
        },
      ],
    },
    false,
    false,
  ],
  [
    'with another operator',
    {
      AdvancedEventSelectors: [
        { FieldSelectors: [{ Field: 'eventCategory', Equals: ['Management'], NotEquals: ['x'] }] },
      ],
    },
    false,
    false,
  ],
])('reads selectors %s', (_, selectors, management, data) => {
  const read = recorders({ TrailARN: trailArn(), ...selectors }).trail('123456789012');
  expect(read?.management('dynamodb.amazonaws.com', true)).toBe(management);
  expect(read?.data('AWS::DynamoDB::Table', true)).toBe(data);
});

it.each([
  '',
  '{}',
  '[]',
  'null',
  '{"EventSelectors":{}}',
  '{"EventSelectors":[]}',
  '{"EventSelectors":[],"TrailARN":"main"}',
  `{"EventSelectors":{},"TrailARN":"${trailArn()}"}`,
  `{"AdvancedEventSelectors":[],"EventDataStoreArn":"${trailArn()}"}`,
])('%s are no selectors', (text) => {
  expect(() => readRecorders([{ place: 'selectors.json', text }])).toThrow(TrailError);
});
