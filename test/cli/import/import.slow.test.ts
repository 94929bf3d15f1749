/** `importPolicies`: the decision table, and what every row of it has in common. */

import { loadDefinitions } from '@leasehold/definitions';
import { permissions } from '@leasehold/documents';
import { compare } from '@leasehold/policy';
import { standIn } from '../../../lib/cli/import/stand-in';
import { CASES } from './cases';
import { complaintsOf, HOME, importOf, inWords, policyOf } from './support';

describe.each(CASES)('$title', ({ statements, roles, lost, narrower, idle, variables, yaml }) => {
  const source = policyOf(...statements);

  test('becomes these roles, and all else is told', async () => {
    const found = await importOf({ documents: [source] });
    const said = found.lost.map(({ what }) => what).toSorted();
    expect({ roles: found.roles.map(inWords), lost: said }).toEqual({
      roles: [...roles],
      lost: Object.keys(lost ?? {}).toSorted(),
    });
    for (const [what, why] of Object.entries(lost ?? {})) {
      expect(found.lost.find((loss) => loss.what === what)?.why).toMatch(why);
    }
    for (const { why, instead } of found.lost) expect([why, instead].every((text) => text.length > 10)).toBe(true);
    for (const [what, why] of Object.entries(idle ?? {})) {
      expect(found.dead.find((each) => each.what === what)?.why).toMatch(why);
    }
    if (narrower !== undefined) expect(found.narrower.join('\n')).toMatch(narrower);
    expect(found.variables).toEqual(variables ?? []);
    for (const text of yaml ?? []) expect(found.yaml).toMatch(text);
  });

  test('validates but for what begins with TODO, and lies inside the source', async () => {
    const found = await importOf({ documents: [source] });
    expect(found.left).toEqual([]);
    expect(await complaintsOf(found)).toEqual([]);
    if (found.yaml === '') return;
    const texts = [
      { name: 'project.yaml', text: standIn(found.roles, { home: HOME, gate: 'mfa' }) },
      { name: 'roles.yaml', text: found.yaml },
    ];
    const deployed = loadDefinitions([], { texts }).definitions?.environments[0]?.roles ?? [];
    expect(deployed.map(({ name }) => name).toSorted()).toEqual(found.roles.map(({ name }) => name).toSorted());
    for (const role of deployed) {
      expect(compare(source, permissions(role), { resourcePolicies: 'ignore' }).kind).toBe('not-widened');
    }
  });
});

test('a boundary of the role counts', async () => {
  const found = await importOf({
    documents: [policyOf({ Effect: 'Allow', Action: ['sqs:SendMessage', 'sqs:ReceiveMessage'], Resource: QUEUE })],
    boundary: policyOf({ Effect: 'Allow', Action: 'sqs:SendMessage', Resource: '*' }),
  });
  expect(found.roles.map(inWords)).toEqual([`write: sqs:SendMessage on ${WRITTEN}`]);
  expect(found.lost).toMatchObject([
    { what: `sqs:ReceiveMessage on ${WRITTEN}`, why: expect.stringContaining('does not permit') },
  ]);
});

test('a deny in another policy of the same principal counts', async () => {
  const found = await importOf({
    documents: [
      policyOf({ Effect: 'Allow', Action: ['sqs:SendMessage', 'sqs:ReceiveMessage'], Resource: QUEUE }),
      policyOf({ Effect: 'Deny', Action: 'sqs:Receive*', Resource: '*' }),
    ],
  });
  expect(found.roles.map(inWords)).toEqual([`write: sqs:SendMessage on ${WRITTEN}`]);
});

test('a broad source is split by service and access level, and so is a narrow one on demand', async () => {
  const documents = [
    policyOf({ Effect: 'Allow', Action: ['sqs:SendMessage', 'sqs:ListQueues', 'sns:ListTopics'], Resource: '*' }),
  ];
  const narrow = await importOf({ documents });
  expect(narrow.roles.map(({ name }) => name)).toEqual(['deploy-write']);
  const split = await importOf({ documents }, { split: true });
  expect(split.roles.map(({ name }) => name)).toEqual(['deploy-sns-read', 'deploy-sqs-read', 'deploy-sqs-write']);
});

test('one service can be picked out of everything', async () => {
  const documents = [policyOf({ Effect: 'Allow', Action: '*', Resource: '*' })];
  const found = await importOf({ documents }, { services: new Set(['sqs']) });
  expect(found.roles.map(({ name }) => name)).toEqual(['deploy-write', 'deploy-delete']);
  expect(found.lost.map(({ what }) => what)).toEqual([
    'sqs:AddPermission',
    'sqs:RemovePermission',
    'sqs:SetQueueAttributes',
  ]);
});

test('a role that is too long for IAM becomes several', async () => {
  const resources = Array.from(
    { length: 400 },
    (_, index) => `arn:aws:sqs:us-east-1:111122223333:queue-of-team-${index}`,
  );
  const found = await importOf({
    documents: [
      policyOf(
        { Effect: 'Allow', Action: 'sqs:SendMessage', Resource: resources.slice(0, 150) },
        { Effect: 'Allow', Action: 'sqs:GetQueueUrl', Resource: resources.slice(150) },
      ),
    ],
  });
  expect(found.lost).toEqual([]);
  expect(await complaintsOf(found)).toEqual([]);
  const names = found.roles.map(({ name }) => name);
  expect(names.length).toBeGreaterThan(1);
  expect(new Set(names).size).toBe(names.length);
});

test('names are free, valid and distinct', async () => {
  const documents = [policyOf({ Effect: 'Allow', Action: 'sqs:ListQueues', Resource: '*' })];
  const name = 'AWSVeryLong_Policy Name.forEverything-2024';
  const found = await importOf({ documents, name }, { taken: (text) => text === 'aws-very-long-policy-name-read' });
  expect(found.roles.map((role) => role.name)).toEqual(['aws-very-long-policy-read-2']);
  expect((await importOf({ documents, name: '日本' })).roles.map((role) => role.name)).toEqual(['imported-read']);
});

const QUEUE = 'arn:aws:sqs:us-east-1:111122223333:jobs';
const WRITTEN = 'arn:${env.partition}:sqs:${env.region}:${env.account}:jobs';
