/** Roles with actions that are approved call by call are not narrowed, because two roles share their YAML. */
import { propose } from '@leasehold/usage';
import { aProject, HEAD, TODAY, usageAfter } from '../support/project';

const ROLE = `${HEAD}allow:
  - actions: [dynamodb:DescribeTable, dynamodb:CreateBackup, dynamodb:UpdateTimeToLive]
    resources: ["arn:aws:dynamodb:ap-northeast-2:123456789012:table/orders"]
`;

it.each([
  ['', ['dynamodb:UpdateTimeToLive']],
  ['perCall: dynamodb:CreateBackup\n', []],
])('with %j, it proposes to remove %j', async (more, expected) => {
  const project = aProject(`${ROLE}${more}`);
  const table = { tableName: 'orders' };
  const usage = await usageAfter(project, [
    ['dynamodb.DescribeTable', table],
    ['dynamodb.CreateBackup', table],
  ]);
  const { removed, statements } = await propose(usage, project.definitions, { files: project.files, today: TODAY });
  expect([removed.map(({ text }) => text), statements]).toEqual([expected, []]);
});
