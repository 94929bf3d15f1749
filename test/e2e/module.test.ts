/** `synth --module` in a root that somebody wrote by hand: the real Terraform and provider, against moto. */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { leasehold } from '../cli/support';
import { unknownInPlan } from './support/literal-plan';
import { type Moto, startMoto } from './support/moto';
import { describeWithRealTools } from './support/needs';
import { run } from './support/run';
import { type Plan, type Terraform, terraformEnvironment, terraformIn } from './support/terraform';

const MINUTES = 10 * 60_000;
const ROOT = join(__dirname, '..', '..');
const ACCOUNT = '123456789012';

/** A root of a team that has a state and a pipeline already: HCL, two regions, and a bucket of its own. */
const rootHcl = (bucket = 'team-artefacts') => `
terraform {
  required_providers {
    aws = { source = "hashicorp/aws" }
  }
}

provider "aws" {
  region = "ap-northeast-2"
}

provider "aws" {
  alias  = "us_east_1"
  region = "us-east-1"
}

module "agents" {
  source        = "./modules/hermes-dev"
  deploy_bucket = "${bucket}"
  tags          = { team = "platform" }
  providers     = { aws = aws, aws.iam_events = aws.us_east_1 }
}

output "roles" {
  value = module.agents.role_arns
}

output "leasehold" {
  value     = module.agents.leasehold
  sensitive = true
}
`;

describeWithRealTools('a module in a root of HCL', () => {
  let moto: Moto;
  let folder: string;
  let root: Terraform;

  beforeAll(async () => {
    moto = await startMoto(ACCOUNT);
    folder = mkdtempSync(join(tmpdir(), 'leasehold-module-'));
    root = await rootIn('team');
  }, MINUTES);

  afterAll(async () => {
    await moto?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  async function rootIn(name: string, hcl = rootHcl()): Promise<Terraform> {
    const cwd = join(folder, name);
    mkdirSync(cwd);
    writeFileSync(join(cwd, 'main.tf'), hcl);
    const { code, err } = await leasehold(
      ['synth', join(ROOT, 'roles'), '--module', '--env', 'dev', '--imports', 'agents'],
      { cwd },
    );
    expect({ code, err }).toEqual({ code: 0, err: expect.stringContaining('wrote modules/hermes-dev\n') });
    const terraform = terraformIn(cwd, moto);
    await terraform.init();
    return terraform;
  }

  it(
    'is planned and applied, has the same outputs, and shows no drift',
    async () => {
      const plan = await root.plan();
      expect(plan.changes.every(({ change }) => change.actions.join() === 'create')).toBe(true);
      expect(unknown(plan)).toEqual([]);
      await root.apply();
      expect(await root.plan()).toEqual({ changes: [], outputs: [] });
      const { roles, leasehold: manifest } = await root.output();
      expect(roles?.value).toMatchObject({
        's3-deploy': `arn:aws:iam::${ACCOUNT}:role/leasehold/hermes-dev/hermes-dev-s3-deploy`,
      });
      expect(JSON.stringify(manifest?.value)).toContain('arn:aws:s3:::team-artefacts/');
    },
    MINUTES,
  );

  it(
    'is read by plan review',
    async () => {
      const plan = join(folder, 'plan.json');
      const fresh = await rootIn('fresh', rootHcl('other-artefacts'));
      await fresh.plan();
      const text = await showPlan(join(folder, 'fresh'));
      writeFileSync(plan, text);
      const { code, out } = await leasehold(['review', plan], { cwd: folder });
      expect(code).toBeLessThan(2);
      expect(out).toContain('hermes-dev-s3-deploy');
      expect(out).toContain('other-artefacts');
    },
    MINUTES,
  );

  it(
    'takes over what a stack made, and makes no role again',
    async () => {
      const successor = await rootIn('successor');
      const imports = readFileSync(join(folder, 'successor/modules/hermes-dev.imports.tf.json'), 'utf8');
      writeFileSync(join(folder, 'successor/imports.tf.json'), imports);
      const plan = await successor.plan();
      const others = plan.changes.filter(({ change }) => change.actions.join() !== 'no-op');
      // An import without a change is no action.
      expect(others.map(({ address, change }) => [address, change.actions.join()])).toEqual([]);
      expect(JSON.parse(imports).import.map(({ id }: { id: string }) => id)).toContain('hermes-dev-s3-deploy');
      await successor.apply();
      rmSync(join(folder, 'successor/imports.tf.json'));
      expect(await successor.plan()).toEqual({ changes: [], outputs: [] });
    },
    MINUTES,
  );

  it.each([
    ['*', /would widen a\s+role/],
    ['$${aws:username}', /would widen a\s+role/],
    ['x\\",\\"y', /would widen a\s+role/],
  ])(
    'refuses the value %s, which would widen a role',
    async (bucket, expected) => {
      await expect(planOf(rootHcl(bucket))).rejects.toThrow(expected);
    },
    MINUTES,
  );

  it(
    'refuses a provider of another region',
    async () => {
      const hcl = rootHcl().replace('region = "ap-northeast-2"', 'region = "eu-west-1"');
      await expect(planOf(hcl)).rejects.toThrow(/environment dev in\s+ap-northeast-2/);
    },
    MINUTES,
  );

  /** Plans another text of the root that was never applied; the module is the same, so nothing is initialized again. */
  function planOf(hcl: string): Promise<Plan> {
    writeFileSync(join(folder, 'fresh', 'main.tf'), hcl);
    return terraformIn(join(folder, 'fresh'), moto).plan();
  }

  /** What the module sets and the plan leaves "known after apply". */
  function unknown({ changes, outputs }: Plan): readonly string[] {
    const json = JSON.parse(readFileSync(join(folder, 'team/modules/hermes-dev/main.tf.json'), 'utf8'));
    const own = changes.map((each) => ({ ...each, address: each.address.replace(/^module\.agents\./, '') }));
    return unknownInPlan({ changes: own, outputs }, json);
  }

  async function showPlan(cwd: string): Promise<string> {
    const env = { ...moto.environment, ...terraformEnvironment() };
    return (await run('terraform', ['show', '-json', 'test.tfplan'], { cwd, env })).stdout;
  }
});
