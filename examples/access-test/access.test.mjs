import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { startSandbox } from '@leasehold/sandbox';

const sandbox = await startSandbox();
after(() => sandbox.stop());
const deploy = await sandbox.lease('s3-deploy', { parameters: { release: '1.4.2' } });
const actionsOn = (file) => sandbox.actions(deploy, `arn:aws:s3:::hermes-dev-deploy/${file}`);
test('s3-deploy reads and writes its release', async () =>
  assert.deepEqual(await actionsOn('1.4.2/app.js'), ['s3:GetObject', 's3:PutObject']));
test('and touches no other', async () => assert.deepEqual(await actionsOn('1.4.20/app.js'), []));
