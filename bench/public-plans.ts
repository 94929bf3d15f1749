/**
 * Reviews the plans of public repositories: are the escalation paths of labs named, and do module examples raise false
 * alarms? `npx tsx --conditions=@leasehold/source bench/public-plans.ts FOLDER [NAME…]`, where FOLDER has a clone of each
 * repository of `public-repositories.ts` as `FOLDER/owner/name`. Needs Terraform, the AWS provider and moto. Nothing of
 * the repositories is kept, and nothing is applied. With `LEASEHOLD_BENCH_PLANS=FOLDER`, plans are kept there and reviewed
 * again. `--known-arns` plans as if the resources existed (`known-arns.ts`).
 */
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { plannedAccess, readPlan, reviewPlan } from '@leasehold/review';
import { type Moto, startMoto } from '../test/e2e/support/moto';
import { run } from '../test/e2e/support/run';
import { terraformEnvironment } from '../test/e2e/support/terraform';
import { useKnownArns } from './known-arns';
import { type Project, REGISTRY_MODULES, REPOSITORIES, type Repository } from './public-repositories';
import { moduleNameOf, useStandIns } from './stand-ins';
import { variablesOf } from './variables';

type Review = Awaited<ReturnType<typeof reviewPlan>>;

const [, , folder = '.', ...words] = process.argv;
const names = words.filter((word) => !word.startsWith('--'));
/** Plans show what they show once the resources exist. */
const KNOWN_ARNS = words.includes('--known-arns');
/** Plans are kept here, and taken from here when the review changes. */
const KEPT = process.env.LEASEHOLD_BENCH_PLANS;
const work = mkdtempSync(join(tmpdir(), 'leasehold-public-'));
/** Modules of one plan: a plan of each would start the provider a hundred times. */
const TOGETHER = 12;

void main();

async function main(): Promise<void> {
  // Otherwise moto knows no policy that AWS manages.
  process.env.MOTO_IAM_LOAD_MANAGED_POLICIES = 'true';
  const moto = await startMoto();
  try {
    for (const repository of REPOSITORIES) {
      if (names.length === 0 || names.includes(repository.name)) await measure(repository, moto);
    }
  } finally {
    await moto.stop();
    rmSync(work, { recursive: true, force: true });
  }
}

async function measure(repository: Repository, moto: Moto): Promise<void> {
  const source = await checkedOut(repository.name, repository.commit);
  const modules = await registryModules(repository.name, source);
  useStandIns(source, (name) => modules.get(name));
  if (KNOWN_ARNS) useKnownArns(source);
  const projects = repository.projects(source);
  const reviews = new Map<string, Review | Error>();
  for (const alike of byProviders(projects)) {
    for (let first = 0; first < alike.length; first += TOGETHER) {
      for (const [id, review] of await reviewed(alike.slice(first, first + TOGETHER), moto)) reviews.set(id, review);
    }
  }
  report(repository, projects, reviews);
}

/** A copy of a repository at a commit, in which whatever version of the provider is installed will do. */
async function checkedOut(name: string, commit: string): Promise<string> {
  const source = join(work, name.replace('/', '+'));
  if (existsSync(source)) return source;
  mkdirSync(source, { recursive: true });
  const archive = join(work, 'archive.tar');
  await run('git', ['-C', join(folder, name), 'archive', '-o', archive, commit], { cwd: work });
  await run('tar', ['-xf', archive, '-C', source], { cwd: work });
  loosen(source);
  return source;
}

/** The folders of the registry modules that were cloned, by name; a repository is its own module. */
async function registryModules(name: string, source: string): Promise<ReadonlyMap<string, string>> {
  const modules = new Map<string, string>();
  for (const module of REGISTRY_MODULES) {
    if (!existsSync(join(folder, module.name))) continue;
    const path = await checkedOut(module.name, module.commit);
    modules.set(moduleNameOf(module.name), path);
  }
  if (name.startsWith('terraform-aws-modules/')) modules.set(moduleNameOf(name), source);
  for (const path of modules.values()) useStandIns(path, (each) => modules.get(each));
  return modules;
}

/** Projects that need the same providers and modules of a registry, so that one that cannot be installed stops no others. */
function byProviders(projects: readonly Project[]): readonly (readonly Project[])[] {
  const groups = new Map<string, Project[]>();
  for (const project of projects) {
    const text = terraformIn(project.path);
    const types = text.matchAll(/^\s*(?:resource|data)\s+"([a-z0-9]+)_/gm);
    const modules = text.matchAll(/^\s*source\s*=\s*"([\w-]+\/[\w-]+\/[\w/-]+)"/gm);
    const needed = [...types, ...modules].map(([, name = '']) => name).filter((name) => name !== 'aws');
    // A root module is planned by itself.
    const key = project.root ? `root ${project.id}` : [...new Set(needed)].toSorted().join(' ');
    groups.set(key, [...(groups.get(key) ?? []), project]);
  }
  return [...groups.values()];
}

/** The reviews of some projects, by id: of all at once, or of each where that does not plan. */
async function reviewed(batch: readonly Project[], moto: Moto): Promise<ReadonlyMap<string, Review | Error>> {
  try {
    const review = await plan(batch, moto);
    return new Map(batch.map(({ id }) => [id, review]));
  } catch (error) {
    if (batch.length > 1) {
      const all = new Map<string, Review | Error>();
      for (const each of batch) for (const [id, review] of await reviewed([each], moto)) all.set(id, review);
      return all;
    }
    const [only] = batch;
    return new Map(only === undefined ? [] : [[only.id, error instanceof Error ? error : new Error(String(error))]]);
  }
}

/** The review of a plan, which is made anew or taken from the folder of kept plans. */
async function plan(batch: readonly Project[], moto: Moto): Promise<Review> {
  const kept =
    KEPT &&
    join(
      KEPT,
      `${batch
        .map(({ id }) => id)
        .join('+')
        .slice(0, 200)}+${batch.length}`,
    );
  if (kept && existsSync(`${kept}.txt`)) throw new Error(readFileSync(`${kept}.txt`, 'utf8'));
  if (!kept || !existsSync(`${kept}.json`)) {
    const made = await planned(batch, moto).catch((error: unknown) => {
      if (kept) writeFileSync(`${kept}.txt`, String(error));
      throw error;
    });
    if (!kept) return await reviewPlan(plannedAccess(readPlan(made)));
    writeFileSync(`${kept}.json`, made);
  }
  return await reviewPlan(plannedAccess(readPlan(readFileSync(`${kept}.json`))));
}

async function planned(batch: readonly Project[], moto: Moto): Promise<Buffer> {
  const root = mkdtempSync(join(work, 'root-'));
  for (const project of batch) {
    if (!project.root) continue;
    cpSync(project.path, root, { recursive: true });
    writeFileSync(join(root, 'leasehold.auto.tfvars'), variablesOf(terraformIn(project.path)));
  }
  const modules = batch.filter(({ root: own }) => !own);
  // Paths of files that are not relative to the module lead from the root.
  const [alone] = modules.length === 1 ? modules : [];
  if (alone !== undefined) {
    cpSync(alone.path, root, { recursive: true, filter: (path) => !/\.tf$|\.terraform\b/.test(path) });
  }
  if (modules.length > 0) writeFileSync(join(root, 'main.tf'), rootOf(root, modules));
  const own = batch.some((project) => project.root);
  writeFileSync(join(root, own ? 'leasehold_override.tf' : 'leasehold.tf'), provider());
  const env = { ...moto.environment, ...terraformEnvironment() };
  const terraform = (...args: readonly string[]) => run('terraform', args, { cwd: root, env });
  await terraform('init', '-input=false', '-no-color');
  await terraform('plan', '-input=false', '-no-color', '-lock=false', '-out=test.tfplan');
  const { stdout } = await terraform('show', '-json', 'test.tfplan');
  return Buffer.from(stdout);
}

/** A root module that calls each project as a module, its variables filled in. */
function rootOf(root: string, projects: readonly Project[]): string {
  return projects
    .map(({ id, path }) => {
      const text = terraformIn(path);
      const aliases = [...text.matchAll(/configuration_aliases\s*=\s*\[([^\]]*)\]/g)].flatMap(([, list = '']) =>
        list.split(',').map((alias) => alias.trim()),
      );
      const providers = [...new Set(aliases.filter((alias) => alias !== ''))].map((alias) => `    ${alias} = aws\n`);
      return `module "${id}" {\n  source = ${JSON.stringify(relative(root, path))}\n${
        providers.length === 0 ? '' : `  providers = {\n${providers.join('')}  }\n`
      }${variablesOf(text)}}\n`;
    })
    .join('\n');
}

function terraformIn(path: string): string {
  const files = readdirSync(path).filter((name) => name.endsWith('.tf'));
  return files.map((name) => readFileSync(join(path, name), 'utf8')).join('\n');
}

/** Whatever version of the provider is installed will do. */
function loosen(path: string): void {
  for (const entry of readdirSync(path, { withFileTypes: true })) {
    const inner = join(path, entry.name);
    if (entry.isDirectory()) loosen(inner);
    else if (entry.name.endsWith('.tf')) {
      const text = readFileSync(inner, 'utf8');
      const free = text.replace(/(source\s*=\s*"hashicorp\/aws"\s*\n\s*version\s*=\s*)"[^"]*"/g, '$1">= 5.0"');
      if (free !== text) writeFileSync(inner, free);
    }
  }
}

function provider(): string {
  return `provider "aws" {
  region                      = "us-east-1"
  profile                     = null
  access_key                  = "testing"
  secret_key                  = "testing"
  s3_use_path_style           = true
  skip_credentials_validation = true
  skip_metadata_api_check     = true
}
`;
}

/** Kinds of finding that stop a plan whose policies cannot be read from it. */
const STOPS = new Set(['unknown-policy', 'unread']);

/** Kinds of finding that name a way to more power. */
const PATHS = new Set(['privilege-escalation', 'assume-chain', 'access-given', 'role-swapped']);

function report(
  { name, commit, paths }: Repository,
  projects: readonly Project[],
  reviews: ReadonlyMap<string, Review | Error>,
): void {
  const print = (text: string) => process.stdout.write(`${text}\n`);
  print(`\n${name} at ${commit}: ${projects.length} projects`);
  const failed = projects.filter(({ id }) => reviews.get(id) instanceof Error);
  for (const { id } of failed) {
    print(`- not planned: ${id}: ${causeOf(reviews.get(id))}`);
  }
  const planned = projects.flatMap(({ id }) => {
    const review = reviews.get(id);
    return review === undefined || review instanceof Error ? [] : [{ id, review }];
  });
  if (paths === undefined) {
    const seen = new Set<Review>(planned.map(({ review }) => review));
    const bad = [...seen].flatMap(({ findings }) => findings.filter(({ severity }) => /high|critical/.test(severity)));
    print(`planned ${planned.length}; critical or high: ${bad.length}`);
    for (const { severity, id, message } of bad) print(`- ${severity} ${id}: ${message}`);
    return;
  }
  const all = planned.flatMap(({ id, review }) =>
    paths(
      id,
      review.identities.map(({ place }) => place?.address ?? ''),
    ).map((path) => ({ path, review })),
  );
  const has = (kinds: ReadonlySet<string>, { path, review }: (typeof all)[number]) =>
    review.findings.some(
      ({ id, severity, place, identity }) =>
        kinds.has(id) && /high|critical/.test(severity) && path.of(`${place.address} ${identity ?? ''}`),
    );
  const others = all.filter((each) => !has(PATHS, each));
  const silent = others.filter((each) => !has(STOPS, each));
  print(`paths named: ${all.length - others.length} of ${all.length}`);
  print(`stopped because something of theirs cannot be read: ${others.length - silent.length}`);
  for (const { path } of silent) print(`- neither: ${path.name}`);
}

/** What Terraform says is wrong, in one line. */
function causeOf(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  const causes = [...text.matchAll(/Error: ([^\n]*(?:\n\W*\n[^\n]*){0,2})/g)].map(([, cause = '']) =>
    cause.replace(/[\s│╷╵]+/g, ' '),
  );
  return [...new Set(causes)].slice(0, 3).join('; ') || text.slice(0, 300);
}

if (!existsSync(folder)) throw new Error(`There is no folder ${folder}.`);
