/** A call of the broker that the runtime would not make: an attacker writes their own. */

import { problem } from '@leasehold/contract';
import { brokerStage } from '@leasehold/documents';
import { BrokerProblem } from '@leasehold/runtime/broker';
import { signedCall } from '../../../lib/sandbox/sigv4/signed-call';
import type { Keys, Stage } from './stage';
import { AwsRefusal } from './teller';

/**
 * Posts a body, signed with some keys.
 * @param path below the broker's address, for example `/leases`
 * @throws {BrokerProblem} when the broker refuses; {AwsRefusal} when AWS does not let the call through to it
 */
export async function rawPost({ dev }: Stage, credentials: Keys, path: string, body: object): Promise<void> {
  const { status, text } = await signedCall({
    endpoint: dev.sandbox.url,
    region: dev.broker.region,
    service: 'execute-api',
    credentials,
    method: 'POST',
    path: `/${brokerStage(dev.environment)}${path}`,
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  if (status < 300) return;
  const said = JSON.parse(text);
  const read = problem.safeParse(said);
  if (read.success) throw new BrokerProblem(read.data);
  throw new AwsRefusal(`${status}`, said.message ?? said.Message ?? text);
}
