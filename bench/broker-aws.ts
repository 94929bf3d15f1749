/**
 * DynamoDB and STS for a broker, on the loopback interface, in a process of their own: tables in memory and the sandbox. Run
 * as `node broker-aws.js <leasehold/dev> <roles>` with a channel to the parent: it tells when it serves, and answers each question.
 */
import { defined } from '@leasehold/contract/defined';
import type { startDev } from 'leasehold/dev';
import type { Keys } from './sandbox-server';

/** What the parent may ask: the calls since it asked before, by name. */
export type Question = 'calls';

/** What the child says first. */
export interface Ready {
  readonly url: string;
  readonly agentArn: string;
  /** Of the function's role. */
  readonly keys: Keys;
}

async function main(): Promise<void> {
  const [path = '', roles = ''] = process.argv.slice(2);
  const module: { readonly startDev: typeof startDev } = require(path);
  const { sandbox, environment } = await module.startDev({ source: { paths: roles } });
  let calls: Record<string, number> = {};
  sandbox.log.subscribe(({ eventName }) => {
    calls[eventName] = (calls[eventName] ?? 0) + 1;
    if (sandbox.log.events.length > 10_000) sandbox.log.clear();
  });
  process.on('message', () => {
    process.send?.(calls);
    calls = {};
  });
  process.on('disconnect', () => process.exit());
  const { accessKeyId, secretAccessKey, sessionToken } = sandbox.platformCredentials(
    `${environment.project}-${environment.name}-broker`,
  );
  const ready: Ready = {
    url: sandbox.url,
    agentArn: sandbox.userArn,
    keys: { accessKeyId, secretAccessKey, ...defined({ sessionToken }) },
  };
  process.send?.(ready);
}

void main();
