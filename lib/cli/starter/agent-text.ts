/** The agent of the starter project: a minimal program that uses a lease. */
export const AGENT = `/**
 * Uploads one file under a release, with a lease that a human approves:
 *
 *   node agent/upload.mjs 1.4.2 app.js
 */
import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { lease, readManifest } from '@leasehold/runtime';

const [release, file] = process.argv.slice(2);
if (!release || !file) throw new Error('usage: node agent/upload.mjs RELEASE FILE');

const { project, environment, region } = readManifest('leasehold.json');
const name = basename(file);

// A person reads who requests the lease, for what and with which permissions, and types a code from an MFA device.
const upload = await lease('s3-upload', {
  reason: \`Upload \${name} of release \${release} to the artefact bucket\`,
  parameters: { release },
});
const s3 = new S3Client({ region, credentials: upload.credentials });
await s3.send(
  new PutObjectCommand({
    Bucket: \`\${project}-\${environment}-artefacts\`,
    Key: \`\${release}/\${name}\`,
    Body: await readFile(file),
  }),
);
console.log(\`uploaded \${release}/\${name} under lease \${upload.id}\`);
`;
