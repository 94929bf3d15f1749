import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { startSandbox } from 'leasehold/sandbox';

let sandbox, deploy;
before(async () => {
  sandbox = await startSandbox();
  deploy = await sandbox.lease('s3-deploy', { parameters: { release: '1.4.2' } });
});
after(() => sandbox.stop());

const file = (path) => `arn:aws:s3:::hermes-dev-deploy/${path}`;
test('s3-deploy uploads its release', () =>
  assert.equal(sandbox.may(deploy, 's3:PutObject', file('1.4.2/app.js')), true));
test('and no other release', () => assert.equal(sandbox.may(deploy, 's3:PutObject', file('1.4.20/app.js')), false));
test('and deletes nothing', () => assert.equal(sandbox.may(deploy, 's3:DeleteObject', file('1.4.2/app.js')), false));
test('without its release it does not open', () => assert.rejects(sandbox.lease('s3-deploy'), /AccessDenied/));
