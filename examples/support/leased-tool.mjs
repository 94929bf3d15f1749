/** What the examples' tools do under a lease: the part of a program that no agent framework changes. */
import { CloudWatchClient, ListMetricsCommand } from '@aws-sdk/client-cloudwatch';
import { PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { LeaseError, withLease } from '@leasehold/runtime';

/** The work of each role: the inputs that it needs beside those of the lease, and the calls of AWS. */
const WORK = {
  'cloudwatch-read': {
    inputs: { namespace: 'Namespace whose metrics are listed' },
    run: async ({ namespace }, { credentials }) => {
      const cloudwatch = new CloudWatchClient({ credentials });
      const { Metrics = [] } = await cloudwatch.send(new ListMetricsCommand({ Namespace: namespace }));
      return `${Metrics.length} metrics in ${namespace}`;
    },
  },
  's3-deploy': {
    inputs: { key: 'Key of the uploaded file, for example 1.4.2/app.js', body: 'Content of the file' },
    run: async ({ key, body }, { credentials }) => {
      const s3 = new S3Client({ credentials, forcePathStyle: true, maxAttempts: 1 });
      await s3.send(new PutObjectCommand({ Bucket: 'hermes-dev-deploy', Key: key, Body: body }));
      return `uploaded ${key}`;
    },
  },
};

/**
 * A tool of `toolsFor`, with the work of its role. Each call has a lease of its own, which is discarded when the call
 * returns. If a human, the runtime or AWS refuses, the model gets the error as text.
 */
export function leasedTool({ name, role, description, inputSchema, request }) {
  const { inputs, run } = WORK[role];
  const properties = Object.fromEntries(
    Object.entries(inputs).map(([input, about]) => [input, { type: 'string', description: about }]),
  );
  return {
    name,
    description,
    inputSchema: {
      ...inputSchema,
      properties: { ...inputSchema.properties, ...properties },
      required: [...inputSchema.required, ...Object.keys(inputs)],
    },
    execute: async (input) => {
      const ofLease = Object.entries(input).filter(([member]) => !(member in inputs));
      try {
        return await withLease(role, request(Object.fromEntries(ofLease)), (lease) => run(input, lease));
      } catch (error) {
        if (error instanceof LeaseError) return `No lease (${error.code}): ${error.message}. ${error.hint}`;
        return `AWS refused the call: ${error.name}`;
      }
    },
  };
}
