/**
 * Moves deployed documents to the IAM path of the probes. Only the path in the ARNs of the environment's identities
 * changes.
 */
import type { Environment } from '@leasehold/definitions';
import { AGENT_PATH, BROKER_PATH, iamArn, rolePath } from '@leasehold/documents';
import type { PolicyDocument } from '@leasehold/policy';
import { PROBE_PATH } from './definitions';

/** The deployed document with the ARNs moved to the IAM path of the probes. */
export function relocated(document: PolicyDocument, environment: Environment): PolicyDocument {
  const moves = [
    [iamArn(environment, `user${AGENT_PATH}`), iamArn(environment, `user${PROBE_PATH}`)],
    [iamArn(environment, `role${BROKER_PATH}`), iamArn(environment, `role${PROBE_PATH}`)],
    [iamArn(environment, `role${rolePath(environment)}`), iamArn(environment, `role${PROBE_PATH}`)],
  ] as const;
  return moves.reduce((moved, [from, to]) => replaced(moved, from, to), document);
}

function replaced<T>(value: T, from: string, to: string): T {
  if (typeof value === 'string') return value.replaceAll(from, to) as T;
  if (Array.isArray(value)) return value.map((item) => replaced(item, from, to)) as T;
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, replaced(item, from, to)])) as T;
}
