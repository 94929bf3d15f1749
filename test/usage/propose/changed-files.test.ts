/** A proposal refuses files that are not the ones from which the definitions were loaded. */
import { propose } from '@leasehold/usage';
import { aProject, HEAD, TODAY, usageAfter } from '../support/project';

const ROLE = `${HEAD}allow:
  - actions:
      - dynamodb:DescribeTable
      - dynamodb:CreateBackup
      - dynamodb:UpdateTimeToLive
    resources: ["arn:aws:dynamodb:ap-northeast-2:123456789012:table/orders"]
`;
const project = aProject(ROLE);
const table = { tableName: 'orders' };
const WORK = 'roles/work.yaml';

async function proposalFor(change: (text: string) => string) {
  const usage = await usageAfter(project, [
    ['dynamodb.DescribeTable', table],
    ['dynamodb.CreateBackup', table],
  ]);
  const files = project.files.map(({ name, text }) => ({ name, text: name === WORK ? change(text) : text }));
  return propose(usage, project.definitions, { files, today: TODAY });
}

it('accepts the files of the definitions', async () => {
  const { files, refused } = await proposalFor((text) => text);
  expect([files.map(({ name }) => name), refused]).toEqual([[WORK], []]);
});

it.each<[what: string, change: (text: string) => string]>([
  [
    'two actions changed places',
    (text) =>
      text.replace('CreateBackup', 'x').replace('UpdateTimeToLive', 'CreateBackup').replace('x', 'UpdateTimeToLive'),
  ],
  ['the action is another', (text) => text.replace('dynamodb:UpdateTimeToLive', 'dynamodb:UpdateTable')],
  [
    'an action was added above',
    (text) => text.replace('      - dynamodb:C', '      - dynamodb:ListTables\n      - dynamodb:C'),
  ],
  ['a comment was added above', (text) => `# A comment.\n${text}`],
  ['the indentation is another', (text) => text.replaceAll('      - ', '     - ')],
  ['the purpose is another', (text) => text.replace('the shop', 'a shop')],
  ['the text is no role', () => 'kind: Nothing\n'],
  ['the text is empty', () => ''],
])('changes nothing if %s', async (_, change) => {
  const { files, refused, proven } = await proposalFor(change);
  expect([files, proven]).toEqual([[], []]);
  expect(refused.map(({ text, why }) => [text, why])).toEqual([
    ['dynamodb:UpdateTimeToLive', 'the files were changed after they were read'],
  ]);
});
