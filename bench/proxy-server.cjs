/**
 * One server of the benchmark of the proxy, in a process of its own: `aws` answers as S3 does, `leasehold` is the proxy as it
 * is installed, and `bare` passes everything on and reads nothing. It tells where it serves, and answers `processor-time`
 * (seconds) and `heap` (MB after a collection).
 */
const { Agent, createServer, request } = require('node:http');
const { join } = require('node:path');

const [kind, upstream, log] = process.argv.slice(2);

const keys = {
  accessKeyId: 'ASIALEASEHOLDBENCH00',
  secretAccessKey: 'aBenchmarkKeyThatOpensNothingAnywhere0000',
  sessionToken: 'aBenchmarkTokenThatOpensNothing'.repeat(20),
};
const lease = {
  id: 'lh-bench',
  role: 's3-deploy',
  expiresAt: new Date(Date.now() + 3_600_000),
  grant: { reason: 'Upload release 1.4.2 to the deploy bucket' },
  credentials: async () => keys,
};

/** An object of as many bytes as the last word of its key says. */
function aws() {
  const bodies = new Map();
  const bodyOf = (bytes) => bodies.get(bytes) ?? bodies.set(bytes, Buffer.alloc(bytes, 'x')).get(bytes);
  return createServer((message, response) => {
    const body = bodyOf(Number(message.url.slice(message.url.lastIndexOf('-') + 1)));
    message.resume().once('end', () => {
      response.writeHead(200, { 'content-length': body.length, 'x-amz-request-id': 'BENCH' }).end(body);
    });
  });
}

function bare() {
  const { hostname, port } = new URL(upstream);
  const agent = new Agent({ keepAlive: true });
  return createServer((message, response) => {
    const { method, url: path, headers } = message;
    const sent = request({ agent, hostname, port, method, path, headers }, (answer) => {
      response.writeHead(answer.statusCode, answer.headers);
      answer.pipe(response);
    });
    message.pipe(sent);
  });
}

async function leasehold() {
  const proxy = (file) => require(join(__dirname, '..', 'lib', 'cli', 'dist', 'proxy', file));
  const { CallLog, logFile } = proxy('call-log');
  const { ClientKey } = proxy('client-key');
  const { Upstream } = proxy('upstream');
  const { startSigningProxy } = proxy('signing-proxy');
  const account = { id: '123456789012', partition: 'aws' };
  const client = new ClientKey('bench');
  const roleArn = 'arn:aws:iam::123456789012:role/leasehold/hermes-dev/hermes-dev-s3-deploy';
  const session = { lease, roleArn, accessKeyId: keys.accessKeyId, account: account.id };
  const { url } = await startSigningProxy({
    lease,
    clients: [client],
    account,
    upstream: new Upstream(upstream, account.partition, {}),
    log: new CallLog(session, logFile(log)),
    port: 0,
  });
  return { url, accessKeyId: client.accessKeyId, secretAccessKey: ClientKey.secretOf(client) };
}

const answers = {
  'processor-time': () => {
    const { user, system } = process.cpuUsage();
    return (user + system) / 1e6;
  },
  heap: () => {
    globalThis.gc();
    return process.memoryUsage().heapUsed / 2 ** 20;
  },
};
process.on('message', (question) => process.send(answers[question]()));
process.on('disconnect', () => process.exit());

async function main() {
  if (kind === 'leasehold') {
    process.send(await leasehold());
    return;
  }
  const server = kind === 'aws' ? aws() : bare();
  server.listen(0, '127.0.0.1', () => process.send({ url: `http://127.0.0.1:${server.address().port}` }));
}

void main();
