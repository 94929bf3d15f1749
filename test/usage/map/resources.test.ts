/** The resources of a call, as far as its event shows them. */
import { loadCatalogue } from '@leasehold/policy';
import { resourcesOf } from '../../../lib/usage/map/resources';
import { recordOf } from '../../../lib/usage/record/record';
import { anEnvironment, aRole } from '../../support/environment';
import { aCall, type Fields } from '../support/records';

const catalogue = loadCatalogue(['s3']);
const role = aRole();

async function of(action: string, overrides: Fields): Promise<readonly string[] | undefined> {
  const info = (await catalogue).action(action);
  const record = recordOf(aCall(role, action.replace(':', '.'), overrides));
  if (info === undefined || record === undefined) throw new Error('no action, or no record');
  return resourcesOf(record, info, anEnvironment(), (arn) => info.scopable && accepts(arn, action));
}
const accepts = (arn: string, action: string) => arn.includes('/') === action.endsWith('Object');
const object = (bucketName: unknown, more: Fields = {}) => ({ requestParameters: { bucketName, key: 'a' }, ...more });

it.each<[bucket: unknown, known: boolean]>([
  ['hermes-dev-deploy', true],
  ['hermes.dev', true],
  ['hermes-s3alias-dev', true],
  ['Hermes_Dev', true],
  ['hermes-metadata-aqfqprnstn7aefdfbarligizwgyfouse1a-s3alias', false],
  ['hermes-ext-aqfqprnstn7aefdfbarligizwgyfouse1a-ext-s3alias', false],
  ['HERMES-S3ALIAS', false],
  ['hermes-a1b2c3--ol-s3', false],
  ['hermes-a1b2c3--op-s3', false],
  ['mfzwi23gnjvgw.mrap', false],
  ['arn:aws:s3:ap-northeast-2:123456789012:accesspoint/hermes', false],
  ['arn:aws:s3-outposts:ap-northeast-2:123456789012:outpost/op-1/accesspoint/hermes', false],
  [undefined, false],
  [['hermes-a-s3alias'], false],
])('the bucket %j names the resource: %s', async (bucket, known) => {
  const root = `arn:aws:s3:::${String(bucket)}`;
  expect(await of('s3:PutObject', object(bucket))).toEqual(known ? [`${root}/a`] : undefined);
  expect(await of('s3:GetBucketPolicy', object(bucket))).toEqual(known ? [root] : undefined);
  // Also if the event lists the ARN.
  const resources = [{ ARN: `${root}/a` }, { ARN: root }];
  if (typeof bucket === 'string' && !known) {
    expect(await of('s3:PutObject', object(undefined, { resources }))).toBeUndefined();
    expect(await of('s3:PutObject', object(bucket, { resources: [{ ARN: 'arn:aws:s3:::other/a' }] }))).toBeUndefined();
  }
});
