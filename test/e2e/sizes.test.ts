/** Agents with few and with many roles: where one inline policy stops at about 25, these go on. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { IAMClient, ListAttachedUserPoliciesCommand } from '@aws-sdk/client-iam';
import { synthesize } from '../../lib/constructs';
import { ask } from '../../lib/documents';
import { anAgent, anEnvironment, definitions, manyRoles } from '../support/environment';
import { type Moto, startMoto } from './support/moto';
import { describeWithRealTools } from './support/needs';
import { terraformIn } from './support/terraform';

const MINUTES = 60_000;
const SIZES = [1, 25, 26, 200, 500];

/** One agent a size, named after it; the first roles are everybody's. */
const environment = anEnvironment({
  agents: SIZES.map((size) => anAgent({ name: `with-${size}` })),
  roles: manyRoles(Math.max(...SIZES)).map((role, index) => ({
    ...role,
    agents: SIZES.filter((size) => index < size).map((size) => `with-${size}`),
  })),
});

describeWithRealTools(`agents with ${SIZES.join(', ')} roles`, () => {
  let moto: Moto;
  let folder: string;

  beforeAll(async () => {
    moto = await startMoto();
    folder = mkdtempSync(join(tmpdir(), 'leasehold-e2e-'));
    const [stack] = synthesize(definitions(environment), { outdir: join(folder, 'cdktf.out') });
    const terraform = terraformIn(stack?.directory ?? folder, moto);
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
});
