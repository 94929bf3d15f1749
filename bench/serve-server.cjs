/** The endpoint as it is installed, and beside it a server that answers the same bytes and checks nothing. */
const { createServer } = require('node:http');
const { startCredentialsEndpoint } = require('@leasehold/serve');
const { LeaseCredentials } = require('@leasehold/runtime');

const expiresAt = Date.now() + 900_000;
const parts = {
  accessKeyId: `ASIA${'X'.repeat(16)}`,
  secretAccessKey: 'x'.repeat(40),
  sessionToken: 'x'.repeat(900),
  expiresAt,
};
const credentials = new LeaseCredentials(parts);
const lease = {
  id: 'lh-bench',
  role: 's3-deploy',
  expiresAt: new Date(expiresAt),
  grant: { role: 's3-deploy', parameters: {}, permissions: [], reason: 'A benchmark', durationSeconds: 900 },
  credentials: async () => credentials,
};

async function main() {
  const endpoint = await startCredentialsEndpoint();
  const client = endpoint.admit('bench');
  client.hold(lease);
  const env = client.environment('s3-deploy');
  const authorization = env.AWS_CONTAINER_AUTHORIZATION_TOKEN;
  const url = env.AWS_CONTAINER_CREDENTIALS_FULL_URI;
  const body = await (await fetch(url, { headers: { authorization } })).text();
  const bare = createServer((_, response) => {
    response.setHeader('content-type', 'application/json');
    response.end(body);
  });
  bare.listen(0, '127.0.0.1', () => {
    process.send({ url, authorization, bare: `http://127.0.0.1:${bare.address().port}/` });
  });
}

void main();
