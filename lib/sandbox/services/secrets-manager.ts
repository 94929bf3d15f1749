/**
 * Secrets Manager.
 *
 * A secret's ARN ends in a hyphen and six characters that AWS generates. A request may identify a secret by its name,
 * or by an ARN without these characters. It is then authorized on the ARN with `-??????` in their place, unless the
 * real characters are known. These question marks are literal characters. A policy that ends in `-??????` or `*`
 * matches them. A policy with the real six characters does not, because nothing shows that they belong to this secret.
 * As in AWS, an ARN that ends in a hyphen and six letters or digits counts as complete.
 * Sources: https://docs.aws.amazon.com/secretsmanager/latest/userguide/auth-and-access_examples.html
 * https://docs.aws.amazon.com/secretsmanager/latest/userguide/whats-in-a-secret.html
 */
import { type Context, type Need, type ServiceMapping, type SignedRequest, UnmappedRequest } from '../service-mapping';
import { tagList, untaggedBy } from './common/keys';
import { keyThroughService } from './common/kms-key';
import { namedArn, type ResourceKind, statedArn } from './common/resources';
import {
  ANYTHING,
  each,
  type Keys,
  on,
  type Resources,
  type Row,
  type ServiceCall,
  type ServiceTable,
  serviceOf,
} from './common/table';
import { json } from './common/wire';

const SECRET: ResourceKind = { service: 'secretsmanager', prefix: 'secret:', name: /^[\w/+=.@-]{1,519}$/ };

/** The ARN on which a secret is authorized. */
export function secretArn(request: SignedRequest, id: string): string {
  const arn = id.startsWith('arn:') ? statedArn(request, SECRET, id) : namedArn(request, SECRET, id);
  // Checked first: a secret may have a name that equals another secret's name with its six characters, and must not be
  // confused with it.
  if (id.startsWith('arn:') && SUFFIX.test(arn)) return arn;
  const known = request.known?.secrets?.get(arn);
  return known === undefined ? `${arn}-??????` : statedArn(request, SECRET, known);
}

const SUFFIX = /-[A-Za-z0-9]{6}$/;

const secret: Resources = ({ request, input }) => secretArn(request, input.need('SecretId'));

/** `secretsmanager:SecretId` is the ARN on which the secret is authorized. */
const secretKeys =
  (...more: readonly (readonly [key: string, parameter: string])[]): Keys =>
  (call) => ({
    'secretsmanager:SecretId': call.input.need('SecretId'),
    ...given(call, more),
  });

function given({ input }: ServiceCall, keys: readonly (readonly [key: string, parameter: string])[]): Context {
  return Object.fromEntries(
    keys.flatMap(([key, parameter]) => {
      const value = input.fields[parameter];
      const text = typeof value === 'boolean' || typeof value === 'number' ? String(value) : input.text(parameter);
      return text === undefined ? [] : [[`secretsmanager:${key}`, text] as const];
    }),
  );
}

/**
 * A batch requires its own action, and a read of each secret. A filter is refused, because the secrets that it finds
 * are unknown.
 */
const batch: Row = ({ request, input }) => {
  const ids = input.texts('SecretIdList');
  if (ids.length === 0 || input.has('Filters')) throw new UnmappedRequest('the secrets are not listed one by one');
  return [
    { action: 'secretsmanager:BatchGetSecretValue', resource: '*', context: {} },
    ...ids.map((id) => ({
      action: 'secretsmanager:GetSecretValue',
      resource: secretArn(request, id),
      context: { 'secretsmanager:SecretId': id },
    })),
  ];
};

const create: Row = (call) => {
  const { request, input } = call;
  const name = input.need('Name');
  if (input.has('AddReplicaRegions')) throw new UnmappedRequest('replicas are not supported');
  const context = {
    ...given(call, [
      ['Name', 'Name'],
      ['Description', 'Description'],
      ['KmsKeyId', 'KmsKeyId'],
    ]),
    ...tagList(input),
  };
  return [
    { action: 'secretsmanager:CreateSecret', resource: `${namedArn(request, SECRET, name)}-??????`, context },
    ...encryption(call),
  ];
};

const update: Row = (call) => [
  {
    action: 'secretsmanager:UpdateSecret',
    resource: secretArn(call.request, call.input.need('SecretId')),
    context: {
      'secretsmanager:SecretId': call.input.need('SecretId'),
      ...given(call, [
        ['Description', 'Description'],
        ['KmsKeyId', 'KmsKeyId'],
      ]),
    },
  },
  ...encryption(call),
];

/** https://docs.aws.amazon.com/secretsmanager/latest/userguide/security-encryption.html */
function encryption({ request, input }: ServiceCall): readonly Need[] {
  const key = input.text('KmsKeyId');
  return key === undefined ? [] : keyThroughService(request, key, 'secretsmanager', ['GenerateDataKey', 'Decrypt']);
}

export const SECRETS_MANAGER_TABLE: ServiceTable = {
  prefix: 'secretsmanager',
  eventSource: 'secretsmanager.amazonaws.com',
  wires: [json('1.1', 'secretsmanager')],
  shown: ['SecretId', 'SecretIdList', 'Name', 'VersionId', 'VersionStage', 'TagKeys', 'KmsKeyId'],
  rows: {
    ...each('GetRandomPassword ListSecrets', on(ANYTHING)),
    ...each(
      `CancelRotateSecret DeleteResourcePolicy DescribeSecret GetResourcePolicy ListSecretVersionIds PutSecretValue
       RestoreSecret StopReplicationToReplica`,
      on(secret, secretKeys()),
    ),
    BatchGetSecretValue: batch,
    CreateSecret: create,
    UpdateSecret: update,
    GetSecretValue: on(secret, secretKeys(['VersionId', 'VersionId'], ['VersionStage', 'VersionStage'])),
    DeleteSecret: on(
      secret,
      secretKeys(
        ['ForceDeleteWithoutRecovery', 'ForceDeleteWithoutRecovery'],
        ['RecoveryWindowInDays', 'RecoveryWindowInDays'],
      ),
    ),
    PutResourcePolicy: on(secret, secretKeys(['BlockPublicPolicy', 'BlockPublicPolicy'])),
    UpdateSecretVersionStage: on(secret, secretKeys(['VersionStage', 'VersionStage'])),
    TagResource: on(secret, (call) => ({ ...secretKeys()(call), ...tagList(call.input) })),
    UntagResource: on(secret, (call) => ({ ...secretKeys()(call), ...untaggedBy('TagKeys')(call) })),
  },
};

export const SECRETS_MANAGER: ServiceMapping = serviceOf(SECRETS_MANAGER_TABLE);
