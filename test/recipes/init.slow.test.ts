/** `leasehold init --recipe`: into a new project and into one that is there. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { recipes } from '../../lib/cli/starter/recipes';
import { leasehold, newFolder, newProject, removeFolders } from '../cli/support';

afterAll(removeFolders);

const names = recipes().map(({ name }) => name);

it.each(names)('%s: a new project validates without any finding, and synthesizes', async (name) => {
  const cwd = newFolder();
  const { code, out } = await leasehold(`init . --recipe ${name}`, { cwd });
  expect(code).toBe(0);
  expect(out).toContain(`roles/${name}.yaml\n`);
  const validated = await leasehold('validate --json', { cwd });
  expect({ code: validated.code, findings: JSON.parse(validated.out).findings }).toEqual({ code: 0, findings: [] });
  expect((await leasehold('synth', { cwd })).code).toBe(0);
  expect(existsSync(join(cwd, 'cdktf.out', 'manifest.json'))).toBe(true);
});

it('all of them fit into one project', async () => {
  const cwd = newFolder();
  expect((await leasehold(['init', ...names.flatMap((name) => ['--recipe', name])], { cwd })).code).toBe(0);
  const validated = await leasehold('validate --json', { cwd });
  expect(JSON.parse(validated.out)).toMatchObject({ findings: [], summary: { roles: expect.any(Array) } });
});

const PROJECT = `kind: Project
name: shop
environments: { dev: { account: "123456789012", region: eu-west-1, variables: { site_bucket: a, site_distribution: E1 } } }
agents: { ci: { identity: { type: github-oidc, repository: acme/shop, subject: "ref:refs/heads/main" } } }
approvers: [lead]
---
kind: Broker
approval: { humans: 1, window: 30m }
`;

it('a project that is there gets the role, with the gate that its agents can open', async () => {
  const cwd = newProject({ 'project.yaml': PROJECT });
  // Without a role the project cannot be read; the gate is then the one of the recipe.
  writeFileSync(
    join(cwd, 'roles/look.yaml'),
    'kind: Role\nname: look\npurpose: Look at queues.\naccess: read\ngate: broker\nallow: [{ actions: [sqs:ListQueues], resources: ["*"] }]\n',
  );
  const { code, out, err } = await leasehold('init --recipe site-deploy', { cwd });
  expect({ code, out }).toEqual({ code: 0, out: 'roles/site-deploy.yaml\n' });
  expect(err).toContain('      site_bucket: "shop-site"\n');
  expect(err).toContain('site-deploy: It cannot upload and delete');
  expect(readFileSync(join(cwd, 'roles/site-deploy.yaml'), 'utf8')).toContain('gate: broker\n');
  expect((await leasehold('validate', { cwd })).code).toBe(0);
  const again = await leasehold('init --recipe site-deploy', { cwd });
  expect(again.code).toBe(2);
  expect(again.err).toContain('exists already');
});

it('waivers end half a year from today', async () => {
  const cwd = newFolder();
  await leasehold('init --recipe ssm-session', { cwd, today: '2030-01-01' });
  expect(readFileSync(join(cwd, 'roles/ssm-session.yaml'), 'utf8')).toContain('until: 2030-06-30\n');
});

it('lists the library, and says what there is where a name is wrong', async () => {
  const cwd = newFolder();
  const { code, out } = await leasehold('init --recipes', { cwd });
  expect(code).toBe(0);
  expect(out.trimEnd().split('\n')).toHaveLength(recipes().length);
  const wrong = await leasehold('init --recipe ecs-deplo', { cwd });
  expect(wrong.code).toBe(2);
  expect(wrong.err).toMatch(/expected: one of ecs-deploy, .+\n {2}hint: {5}Write --recipe ecs-deploy\./);
});
