/** Plans of `test/plans`, made again by the real Terraform against moto. */
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, realpathSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { defined } from '@leasehold/contract/defined';
import type { Moto } from './moto';
import { run } from './run';
import { terraformEnvironment } from './terraform';

/** The folder with the recorded plans. */
export const PLANS = join(__dirname, '..', '..', 'plans');

/** Names of all recorded plans, sorted. */
export function planNames(): readonly string[] {
  return readdirSync(PLANS, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name)
    .sort();
}

/** Terraform with one provider for all plans, so that none of them is initialized for itself. */
export async function planner(folder: string, moto: Moto): Promise<(name: string) => Promise<object>> {
  const env: Record<string, string> = { ...moto.environment, ...terraformEnvironment() };
  const base = join(folder, 'base');
  mkdirSync(base, { recursive: true });
  cpSync(join(PLANS, 'provider.tf'), join(base, 'provider.tf'));
  await run('terraform', ['init', '-input=false', '-no-color'], { cwd: base, env });
  const rc = join(folder, 'overrides.rc');
  writeFileSync(
    rc,
    `disable_checkpoint = true\nprovider_installation {\n  dev_overrides {\n    "hashicorp/aws" = ${JSON.stringify(providerIn(base))}\n  }\n  direct {}\n}\n`,
  );
  env.TF_CLI_CONFIG_FILE = rc;
  const terraform = (cwd: string, args: readonly string[], expect?: readonly number[]) =>
    run('terraform', args, { cwd, env, ...defined({ expect }) });

  const apply = async (from: string, to: string) => {
    configure(from, to);
    await terraform(to, ['get']);
    await terraform(to, ['apply', '-input=false', '-no-color', '-auto-approve', '-parallelism=1']);
  };
  return async (name) => {
    const [source, work] = [join(PLANS, name), join(folder, name)];
    const [outside, before] = [join(source, 'outside'), join(source, 'before')];
    if (existsSync(outside) || existsSync(before)) {
      await moto.reset();
      await fetch(`${moto.url}/moto-api/seed?a=42`, { method: 'POST' });
    }
    if (existsSync(outside)) await apply(outside, `${work}.outside`);
    if (existsSync(before)) await apply(before, `${work}.before`);
    configure(source, work);
    const state = join(`${work}.before`, 'terraform.tfstate');
    if (existsSync(state)) cpSync(state, join(work, 'terraform.tfstate'));
    await terraform(work, ['get']);
    const args = planArguments(source);
    await terraform(work, ['plan', '-input=false', '-no-color', '-out=test.tfplan', ...args.plan], args.expect);
    const { stdout } = await terraform(work, ['show', '-json', 'test.tfplan']);
    return trim(JSON.parse(settled(stdout)));
  };
}

function providerIn(base: string): string {
  const provider = join(base, '.terraform', 'providers', 'registry.terraform.io', 'hashicorp', 'aws');
  const [version = ''] = readdirSync(provider);
  const [platform = ''] = readdirSync(join(provider, version));
  return realpathSync(join(provider, version, platform));
}

/** Copies the Terraform files and the modules beside them. */
function configure(from: string, to: string): void {
  cpSync(from, to, {
    recursive: true,
    filter: (path) => !/\/(before|outside|plan\.json)$/.test(path) || path === from,
  });
  if (!existsSync(join(to, 'provider.tf'))) cpSync(join(PLANS, 'provider.tf'), join(to, 'provider.tf'));
}

/** `# plan: -destroy` on the first line of main.tf; `# plan: errored` for one that Terraform cannot finish. */
function planArguments(source: string): { readonly plan: readonly string[]; readonly expect: readonly number[] } {
  const [first = ''] = readFileSync(join(source, 'main.tf'), 'utf8').split('\n');
  const words = /^# plan: (.*)$/.exec(first)?.[1]?.split(' ') ?? [];
  return { plan: words.filter((word) => word !== 'errored'), expect: words.includes('errored') ? [1] : [0] };
}

/** Replaces what is made up anew each time, and numbers what must stay apart. */
export function settled(json: string): string {
  const settled = json
    .replace(/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|\+00:00)/g, '2026-01-01T00:00:00Z')
    .replace(/http:\/\/(?:127\.0\.0\.1|localhost):\d+/g, 'https://aws.example')
    .replace(/127\.0\.0\.1:\d+/g, 'aws.example');
  return MADE_UP.reduce((text, { pattern, format }) => {
    const numbers = new Map<string, string>();
    return text.replace(pattern, (whole, id: string) => {
      const number = numbers.get(id) ?? format(numbers.size + 1);
      numbers.set(id, number);
      return whole.replace(id, number);
    });
  }, settled);
}

/** What `name_prefix` makes, which holds the time; ids of AWS: of users, roles and policies, of keys, of secrets. */
const MADE_UP: readonly { readonly pattern: RegExp; readonly format: (number: number) => string }[] = [
  {
    pattern: /(?<!\d)(20\d{16}[0-9a-f]{8})(?![0-9a-f])/g,
    format: (n) => `202601010000000000${String(n).padStart(8, '0')}`,
  },
  {
    pattern: /"(?:unique_id|policy_id)": ?"([0-9A-Za-z]{16,})"/g,
    format: (n) => `unique${String(n).padStart(14, '0')}`,
  },
  {
    pattern: /([0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})/g,
    format: (n) => `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`,
  },
  { pattern: /:secret:[^"\\]*?(-[A-Za-z0-9]{6})(?=["\\])/g, format: (n) => `-${String(n).padStart(6, '0')}` },
];

/** Parts that the review does not read, and drift, from which it reads only whose account a resource shows. */
const UNREAD = ['planned_values', 'timestamp', 'relevant_attributes', 'resource_drift', 'checks'];

function trim(plan: Record<string, unknown>): object {
  return Object.fromEntries(Object.entries(plan).filter(([key]) => !UNREAD.includes(key)));
}
