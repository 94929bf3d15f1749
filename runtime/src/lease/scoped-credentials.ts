/**
 * Calls `sts:GetScopedCredentials`, for which the SDK has no command, as a query request signed with the SDK's own
 * signer. Sources: https://docs.aws.amazon.com/STS/latest/APIReference/API_GetScopedCredentials.html
 * https://docs.aws.amazon.com/STS/latest/APIReference/CommonParameters.html
 */

import type { STSClient } from '@aws-sdk/client-sts';
import { answerText } from '../answer-text';
import type { LeasedParts } from '../credentials/lease-credentials';
import { LeaseError } from '../lease-error';
import { awsRefusal, faultOf } from './aws-refusal';
import { partsOf } from './issued-parts';

/** The input of the call, and its endpoint. */
export interface ScopedCall {
  readonly endpoint: string;
  readonly region: string;
  /** Milliseconds by which this machine's clock is behind AWS's. */
  readonly clockOffset: number;
  readonly policy?: string;
  readonly durationSeconds?: number;
}

/**
 * Makes the call with the credentials of the client.
 * @throws LeaseError `denied`, `expired`, `invalid-request`, `unavailable`
 */
export async function scopedCredentials(client: STSClient, call: ScopedCall): Promise<LeasedParts> {
  let answer: Answer;
  try {
    answer = await send(client, call);
  } catch (error) {
    throw awsRefusal(faultOf(error), 'the attenuation', [], call.endpoint);
  }
  const { status, text } = answer;
  if (status === 200) {
    return partsOf({
      AccessKeyId: element(text, 'AccessKeyId'),
      SecretAccessKey: element(text, 'SecretAccessKey'),
      SessionToken: element(text, 'SessionToken'),
      Expiration: new Date(element(text, 'Expiration') ?? ''),
    });
  }
  const fault = { name: element(text, 'Code') ?? 'Error', message: element(text, 'Message') ?? '', status };
  if (/^ExpiredToken/.test(fault.name)) {
    throw new LeaseError(
      'expired',
      'the lease is over',
      'Ask for a new lease for the new task, with its own reason.',
      false,
    );
  }
  throw awsRefusal(fault, 'the attenuation', [], call.endpoint);
}

interface Answer {
  readonly status: number;
  readonly text: string;
}

async function send(client: STSClient, call: ScopedCall): Promise<Answer> {
  const { protocol, hostname, port, host } = new URL(call.endpoint);
  const form = new URLSearchParams({ Action: 'GetScopedCredentials', Version: '2011-06-15' });
  if (call.policy !== undefined) form.set('Policy', call.policy);
  if (call.durationSeconds !== undefined) form.set('DurationSeconds', String(call.durationSeconds));
  const request = {
    method: 'POST',
    protocol,
    hostname,
    ...(port === '' ? {} : { port: Number(port) }),
    path: '/',
    query: {},
    headers: { host, 'content-type': 'application/x-www-form-urlencoded; charset=utf-8' },
    // URLSearchParams encodes a space as `+`, which not every form parser decodes.
    body: form.toString().replaceAll('+', '%20'),
  };
  const signer = await client.config.signer({
    name: 'sigv4',
    signingName: 'sts',
    signingRegion: call.region,
    properties: {},
  });
  const signed = await signer.sign(request, { signingDate: new Date(Date.now() + call.clockOffset) });
  type Handled = Parameters<typeof client.config.requestHandler.handle>[0];
  const { response } = await client.config.requestHandler.handle(signed as Handled);
  return { status: response.statusCode, text: await answerText(response.body, LONGEST_ANSWER) };
}

/** Maximum size of a response in bytes; STS sends a few thousand. */
const LONGEST_ANSWER = 1 << 20;

/** The text of an element without child elements. */
function element(xml: string, name: string): string | undefined {
  return new RegExp(`<${name}>([^<]*)</${name}>`)
    .exec(xml)?.[1]
    ?.replace(/&(lt|gt|quot|apos|amp);/g, (_, entity: string) => ENTITIES[entity] ?? '');
}

const ENTITIES: Readonly<Record<string, string>> = { lt: '<', gt: '>', quot: '"', apos: "'", amp: '&' };
