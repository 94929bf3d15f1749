/** Calls of STS and IAM as the AWS SDK for JavaScript writes them, with the answer as it came over the wire. */
import { Readable } from 'node:stream';
import * as iam from '@aws-sdk/client-iam';
import * as sts from '@aws-sdk/client-sts';
import type { Sandbox } from '@leasehold/sandbox';
import { exchange, type Keys, type WireAnswer } from './wire';

/** What the SDK hands to whatever sends its requests. */
interface SdkRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
}

interface Client {
  send(command: object): Promise<unknown>;
}

/** Parameters of the query protocol by name. */
export type Parameters = Readonly<Record<string, string>>;

/**
 * Sends a call through the SDK.
 * @param parameters what must stand in the body, whole.
 * @returns `undefined` where the SDK has no such call, or would say something else; nothing is sent then.
 */
export async function sdkCall(
  sandbox: Sandbox,
  service: 'sts' | 'iam',
  region: string,
  parameters: Parameters,
  keys: Keys,
): Promise<WireAnswer | undefined> {
  let answer: WireAnswer | undefined;
  const requestHandler = {
    handle: async ({ method, path, headers, body = '' }: SdkRequest) => {
      const asWanted = headers.authorization !== undefined && same(new URLSearchParams(body), parameters);
      if (!asWanted) throw new Error('the SDK says something else');
      answer = await exchange(sandbox, { method, path, headers: { ...headers }, body: Buffer.from(body) });
      return { response: { statusCode: answer.status, headers: answer.headers, body: Readable.from([answer.text]) } };
    },
  };
  const modules: Readonly<Record<string, unknown>> = service === 'sts' ? { ...sts } : { ...iam };
  const Command = modules[`${parameters.Action}Command`] as (new (input: object) => object) | undefined;
  if (!Command) return undefined;
  const SdkClient = modules[service === 'sts' ? 'STSClient' : 'IAMClient'] as new (config: object) => Client;
  const config = { endpoint: sandbox.url, region, credentials: { ...keys }, maxAttempts: 1, requestHandler };
  const failed = await new SdkClient(config).send(new Command(inputOf(parameters))).then(
    () => undefined,
    (error: unknown) => (error instanceof Error ? error : new Error(String(error))),
  );
  // What the SDK throws is what came over the wire; some errors have classes of their own, whose names end so.
  if (answer) expect(failed?.name.replace(/Exception$/, '')).toBe(answer.code);
  return answer;
}

/** `Tags.member.1.Key=a` is `{ Tags: [{ Key: 'a' }] }`. */
function inputOf({ Action: _, Version: __, ...parameters }: Parameters): object {
  const input: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(parameters)) {
    const [, list, index, field] = /^(\w+)\.member\.(\d+)(?:\.(\w+))?$/.exec(name) ?? [];
    if (list === undefined) {
      input[name] = /^\d+$/.test(value) && NUMBERS.has(name) ? Number(value) : value;
      continue;
    }
    const items = (input[list] ?? []) as unknown[];
    input[list] = items;
    const at = Number(index) - 1;
    items[at] = field === undefined ? value : { ...(items[at] as object | undefined), [field]: value };
  }
  return input;
}

const NUMBERS: ReadonlySet<string> = new Set(['DurationSeconds', 'MaxItems']);

function same(sent: URLSearchParams, wanted: Parameters): boolean {
  const text = (pairs: readonly (readonly [string, string])[]) => JSON.stringify([...pairs].sort());
  return text([...sent.entries()]) === text(Object.entries(wanted));
}
