/** IAM's operations on long-term keys: https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreateAccessKey.html */
import { MOST_KEYS } from '../credentials/access-keys';
import { type Operation, permit } from '../query/service';
import { AwsError } from '../wire/aws-error';
import { namedArn, userOf } from './lookup';

/** Creates a key. Only the sandbox's administrator may do so; no deployed identity has the permission. */
export const createAccessKey: Operation = (call) => {
  const { parameters, draft, caller, cloud, facts } = call;
  const name = parameters.UserName ?? (caller.kind === 'user' ? caller.user.name : undefined);
  draft.requestParameters = { userName: name };
  permit(call, [{ action: 'iam:CreateAccessKey', resource: namedArn(caller.account, 'user', name), context: {} }]);
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
