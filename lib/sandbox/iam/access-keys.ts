/** IAM's operations on long-term keys: https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreateAccessKey.html */
import { MOST_KEYS } from '../credentials/access-keys';
import { type Call, type Operation, permit } from '../query/service';
import { AwsError } from '../wire/aws-error';
import { namedArn, noSuchEntity, required, userOf } from './lookup';

/** Creates a key. Only the sandbox's administrator may create keys; deployed identities do not have this permission. */
export const createAccessKey: Operation = (call) => {
  const { draft, caller, cloud, facts } = call;
  permitOnUser(call, 'iam:CreateAccessKey');
  const user = userOf(call);
  const owner = { account: caller.account.id, userName: user.name };
  if (cloud.keys.of(owner).length >= MOST_KEYS) {
    throw new AwsError(409, 'LimitExceeded', `Cannot exceed quota for AccessKeysPerUser: ${MOST_KEYS}`);
  }
  const key = cloud.keys.create(owner);
  draft.responseElements = { accessKey: { accessKeyId: key.accessKeyId, userName: user.name, status: 'Active' } };
  return {
    AccessKey: {
      UserName: user.name,
      AccessKeyId: key.accessKeyId,
      Status: 'Active',
      SecretAccessKey: key.secretAccessKey,
      CreateDate: new Date(facts.now),
    },
  };
};

/** Lists the ids of a user's keys, on one page. */
export const listAccessKeys: Operation = (call) => {
  const { caller, cloud } = call;
  permitOnUser(call, 'iam:ListAccessKeys');
  const user = userOf(call);
  const ids = cloud.keys.of({ account: caller.account.id, userName: user.name });
  const keys = ids.map((AccessKeyId) => ({ UserName: user.name, AccessKeyId, Status: 'Active' }));
  return { AccessKeyMetadata: keys, IsTruncated: false };
};

export const deleteAccessKey: Operation = (call) => {
  const { caller, cloud, parameters } = call;
  permitOnUser(call, 'iam:DeleteAccessKey');
  const id = required(parameters.AccessKeyId, 'accessKeyId');
  const user = userOf(call);
  if (cloud.keys.remove(id, { account: caller.account.id, userName: user.name })) return undefined;
  throw noSuchEntity(`The Access Key with id ${id} cannot be found.`);
};

function permitOnUser(call: Call, action: string): void {
  const { parameters, draft, caller } = call;
  const name = parameters.UserName ?? (caller.kind === 'user' ? caller.user.name : undefined);
  draft.requestParameters = { userName: name };
  permit(call, [{ action, resource: namedArn(caller.account, 'user', name), context: {} }]);
}
