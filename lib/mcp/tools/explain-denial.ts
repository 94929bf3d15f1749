/** `explain_denial`: explains why a lease does not permit a request. */
import type { Manifest } from '@leasehold/runtime';
import * as z from 'zod';
import { explainDenial as explain } from '../denial';
import type { LeaseDesk } from '../lease/desk';
import { denialExplanation, leaseId } from './schemas';
import type { Tool } from './tool';

const input = z.strictObject({
  lease: leaseId,
  action: z
    .string()
    .regex(/^[A-Za-z0-9-]{1,60}:[A-Za-z0-9_-]{1,100}$/)
    .describe('For example s3:PutObject.'),
  resource: z.string().min(1).max(2048).describe('The ARN of one resource, or * for an action without resources.'),
});

export function explainDenial(desk: LeaseDesk, manifest: Manifest): Tool<typeof input, typeof denialExplanation> {
  return {
    name: 'explain_denial',
    title: 'Explain a denial',
    description:
      'Explains whether and why a lease does not permit an action on a resource, statement by statement, and which scope ' +
      'of the lease comes closest. It calls nothing, and permits nothing.',
    input,
    output: denialExplanation,
    annotations: { readOnlyHint: true, destructiveHint: false, idempotentHint: true, openWorldHint: false },
    run: async ({ lease, action, resource }) => {
      const explained = explain(desk.find(lease), { action, resource }, manifest);
      return structuredClone(explained) as z.input<typeof denialExplanation>;
    },
  };
}
