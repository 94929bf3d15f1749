/** `list_roles`: lists the roles that this agent may request. */
import type { Manifest } from '@leasehold/runtime';
import * as z from 'zod';
import type { RoleView } from '../roles';
import { permission } from './schemas';
import type { Tool } from './tool';

const input = z.strictObject({});

const role = z.object({
  role: z.string(),
  purpose: z.string(),
  access: z.string(),
  gates: z
    .array(z.string())
    .describe('mfa: a human approves with a code; broker: the broker decides and asks whom it must.'),
  humans: z.int().optional().describe('Number of people who must approve a request that is sent to the broker.'),
  lease: z.object({ defaultSeconds: z.int(), maxSeconds: z.int() }),
  parameters: z.array(
    z.object({
      name: z.string(),
      description: z.string(),
      pattern: z.string().optional().describe('A regular expression that must match the whole value.'),
      values: z.array(z.string()).optional(),
      from: z.string().optional().describe('The broker takes the value from this identity, so omit the parameter.'),
    }),
  ),
  services: z.array(z.string()),
  may: z.array(permission),
  mustNot: z.array(permission),
});

const output = z.object({
  project: z.string(),
  environment: z.string(),
  account: z.string(),
  region: z.string(),
  agent: z.string(),
  roles: z.array(role),
});

export function listRoles(
  manifest: Manifest,
  agent: string,
  roles: readonly RoleView[],
): Tool<typeof input, typeof output> {
  const { project, environment, account, region } = manifest;
  return {
    name: 'list_roles',
    title: 'List the AWS roles that can be requested',
    description:
      'Lists what this agent may ask for on AWS: each role with its purpose, parameters, gate, limits, permissions and ' +
      'what it must not do. Call it before request_lease. Nothing else on AWS is available.',
    input,
    output,
    annotations: { readOnlyHint: true, destructiveHint: false, idempotentHint: true, openWorldHint: false },
    run: async () => ({
      project,
      environment,
      account,
      region,
      agent,
      roles: structuredClone(roles) as z.input<typeof role>[],
    }),
  };
}
