/**
 * Derives keys with a KMS HMAC key that only the broker's function may use. Source:
 * https://docs.aws.amazon.com/kms/latest/developerguide/hmac.html
 */
import { GenerateMacCommand, type KMSClient } from '@aws-sdk/client-kms';
import { Unavailable } from '../port-errors';
import { unavailable } from './fault';
import type { KeyOfDay } from './record-seal';

const GENERATE = 'kms:GenerateMac';
/** Length of an HMAC-SHA-256 in bytes. */
const BYTES = 32;

/**
 * Derives the key of a day with one KMS call.
 * @param client Creates the client. Called for the first derivation.
 * @param key ARN of the HMAC key. An alias works too, but somebody could point the alias at a different key.
 * @param stack Name of the stack. Stacks that share a KMS key still get different keys for each day.
 */
export function kmsDerivation(client: () => KMSClient, key: string, stack: string): KeyOfDay {
  return async (day) => {
    const message = Buffer.from(`leasehold records 1\n${stack}\n${day}`, 'utf8');
    const command = new GenerateMacCommand({ KeyId: key, MacAlgorithm: 'HMAC_SHA_256', Message: message });
    const { Mac: mac } = await client()
      .send(command)
      .catch((error: unknown) => {
        throw unavailable(GENERATE, error);
      });
    if (mac?.length !== BYTES) throw new Unavailable(GENERATE);
    return mac;
  };
}
