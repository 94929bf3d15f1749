/** Agents with few and with many roles: where one inline policy stops at about 25, these go on. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { IAMClient, ListAttachedUserPoliciesCommand } from '@aws-sdk/client-iam';
import { CreateBucketCommand, ListObjectsV2Command, S3Client } from '@aws-sdk/client-s3';
import { synthesizeUnchecked } from '@leasehold/constructs';
import { ask } from '@leasehold/documents';
import { anAgent, anEnvironment, definitions, manyRoles } from '../support/environment';
import { type Moto, startMoto } from './support/moto';
import { describeWithRealTools } from './support/needs';
import { SWEEP } from './support/sweep';
import { type Terraform, terraformIn } from './support/terraform';

const MINUTES = 60_000;
const SIZES = SWEEP ? [1, 25, 26, 200, 500] : [1, 26];

/** One agent a size, named after it; the first roles are everybody's. The state is in S3, with native locking. */
const environment = anEnvironment({
  backend: { type: 's3', bucket: 'acme-state', key: 'hermes/dev.tfstate', region: 'us-east-1' },
  agents: SIZES.map((size) => anAgent({ name: `with-${size}` })),
  roles: manyRoles(Math.max(...SIZES)).map((role, index) => ({
    ...role,
    agents: SIZES.filter((size) => index < size).map((size) => `with-${size}`),
  })),
});

describeWithRealTools(`agents with ${SIZES.join(', ')} roles`, () => {
  let moto: Moto;
  let folder: string;
  let terraform: Terraform;

  beforeAll(async () => {
    moto = await startMoto();
    await new S3Client(moto.client).send(new CreateBucketCommand({ Bucket: 'acme-state' }));
    folder = mkdtempSync(join(tmpdir(), 'leasehold-e2e-'));
    const [stack] = synthesizeUnchecked(definitions(environment), { outdir: join(folder, 'cdktf.out') });
    terraform = terraformIn(stack?.directory ?? folder, moto);
    await terraform.init();
    await terraform.apply('-parallelism=30', '-refresh=false');
  }, 10 * MINUTES);

  afterAll(async () => {
    await moto?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  it.each(SIZES)('an agent with %i roles has the policies that let it ask for them', async (size) => {
    const iam = new IAMClient(moto.client);
    const UserName = `hermes-dev-with-${size}`;
    const attached = await iam.send(new ListAttachedUserPoliciesCommand({ UserName }));
    const expected = ask(anAgent({ name: `with-${size}` }), environment).map(
      (_, index) => `${UserName}-ask-${index + 1}`,
    );
    expect(attached.AttachedPolicies?.map(({ PolicyName }) => PolicyName).sort()).toEqual(expected.sort());
  });

  it(
    'show no change in a second plan',
    async () => {
      expect(await terraform.plan('-parallelism=30')).toEqual({ changes: [], outputs: [] });
    },
    5 * MINUTES,
  );

  it('have their state in S3, and no lock left behind', async () => {
    const { Contents } = await new S3Client(moto.client).send(new ListObjectsV2Command({ Bucket: 'acme-state' }));
    expect(Contents?.map(({ Key }) => Key)).toEqual(['hermes/dev.tfstate']);
  });
});
