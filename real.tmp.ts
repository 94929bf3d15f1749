import { spawn } from 'node:child_process';
import { anAccount } from './test/conformance/support/sandboxed';
import { LEASEHOLD } from './test/support/sources';
async function main() {
  const sandbox = await anAccount();
  const { accessKeyId, secretAccessKey } = sandbox.administrator;
  const t = Date.now();
  const child = spawn(process.execPath, [...LEASEHOLD, 'conformance', '--account', '123456789012', '--confirm', '123456789012', '--bucket', 'b-probe', '--out', '/tmp/conf-out'], { stdio: ['ignore', 'ignore', 'inherit'], env: { PATH: process.env.PATH, AWS_ENDPOINT_URL: sandbox.url, AWS_REGION: 'eu-west-1', AWS_ACCESS_KEY_ID: accessKeyId, AWS_SECRET_ACCESS_KEY: secretAccessKey } });
  child.on('close', async (code) => { console.log('exit', code, (Date.now() - t) / 1000, 's'); console.log(sandbox.log.events.length, 'calls'); await sandbox.stop(); });
}
main();
