/**
 * Keys of KMS that AWS manages. The tables, their stream, the secret and the function's variables are encrypted with them,
 * and their own policies and grants open them to whoever may use the service. But AWS calls KMS *as the role*, so that a
 * boundary which knows no KMS would lock a role out of its own tables and variables: it lets these calls through, and
 * denies every other. No policy of ours allows any.
 * Sources: https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/encryption.usagenotes.html
 * https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars-encryption.html
 * https://docs.aws.amazon.com/secretsmanager/latest/userguide/security-encryption.html
 */
import type { Environment } from '@leasehold/definitions';
import type { Statement } from '@leasehold/policy';
import { dnsSuffix } from '../names';
import { brokerFunctionArn } from './names';

/** Calls of KMS that services make on a role's behalf. */
export const KEY_ACTIONS: readonly string[] = [
  'kms:Decrypt',
  'kms:DescribeKey',
  'kms:Encrypt',
  'kms:GenerateDataKey',
  'kms:ReEncryptFrom',
  'kms:ReEncryptTo',
];

/** The deny of a boundary: of KMS for everything but DynamoDB, Secrets Manager and the function's own variables. */
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
        // What Lambda binds the encryption of a function's variables to.
        'kms:EncryptionContext:aws:lambda:FunctionArn': brokerFunctionArn(environment),
      },
    },
  };
}
