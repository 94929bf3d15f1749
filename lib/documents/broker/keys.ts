/**
 * Permissions for the AWS-managed KMS keys that encrypt the tables, the stream, the secret and the function's
 * variables. The keys' own policies and grants permit every caller that may use the service. But AWS calls KMS *with
 * the role's identity*, so a boundary without KMS would lock a role out of its own tables and variables. The boundary
 * therefore allows these calls and denies all other KMS calls. No policy of Leasehold grants KMS permissions for these
 * keys. Sources: https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/encryption.usagenotes.html
 * https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars-encryption.html
 * https://docs.aws.amazon.com/secretsmanager/latest/userguide/security-encryption.html
 */
import type { Environment } from '@leasehold/definitions';
import type { Statement } from '@leasehold/policy';
import { dnsSuffix } from '../names';
import { brokerFunctionArn } from './names';

/** KMS calls that AWS services make on a role's behalf. */
export const KEY_ACTIONS: readonly string[] = [
  'kms:Decrypt',
  'kms:DescribeKey',
  'kms:Encrypt',
  'kms:GenerateDataKey',
  'kms:ReEncryptFrom',
  'kms:ReEncryptTo',
];

/**
 * The boundary's statement that denies KMS calls, except calls for DynamoDB, Secrets Manager and the function's
 * environment variables.
 */
export function onlyKeysOfServices(environment: Environment): Statement {
  const through = ['dynamodb', 'secretsmanager'].map(
    (service) => `${service}.${environment.region}.${dnsSuffix(environment)}`,
  );
  return {
    Sid: 'OnlyKeysOfServices',
    Effect: 'Deny',
    Action: KEY_ACTIONS,
    Resource: '*',
    Condition: {
      StringNotEquals: {
        // https://docs.aws.amazon.com/kms/latest/developerguide/conditions-kms.html#conditions-kms-via-service
        'kms:ViaService': through,
        // The encryption context that Lambda uses for a function's variables.
        'kms:EncryptionContext:aws:lambda:FunctionArn': brokerFunctionArn(environment),
      },
    },
  };
}
