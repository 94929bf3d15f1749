/** Runs a program with a lease that a test made up, in a process of its own: signals must not reach the tests. */
require('tsx/cjs');
const { execWithLease } = require('@leasehold/serve/exec');
const { aLease } = require('../endpoint/double.ts');

const options = JSON.parse(process.argv[2]);
void execWithLease(aLease('s3-deploy', { reason: 'Upload build 1.4.2' }), options).then(
  (ending) => process.stdout.write(`ended ${JSON.stringify(ending)}\n`),
  (error) => process.stdout.write(`failed ${error.code}\n`),
);
