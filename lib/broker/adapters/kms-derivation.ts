/**
 * Derives keys with an HMAC key of KMS, which lets the broker's function alone use it.
 * Source: https://docs.aws.amazon.com/kms/latest/developerguide/hmac.html
 */
import { GenerateMacCommand, type KMSClient } from '@aws-sdk/client-kms';
import { Unavailable } from '../ports';
import { unavailable } from './fault';
import type { KeyOfDay } from './record-seal';

const GENERATE = 'kms:GenerateMac';
/** Bytes of an HMAC with SHA-256. */
const BYTES = 32;

/**
 * Keys of days by one call of KMS each.
 * @param client Made with the first call.
 * @param key ARN of the HMAC key. An alias would do as well, but could be pointed at a key of somebody else's.
 * @param stack Name of the stack; stacks that shared a key would still have keys of days of their own.
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
