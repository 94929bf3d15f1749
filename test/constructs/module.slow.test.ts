/** A module is a stack without backend and provider, in which nothing but checked variables is open. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { MODULE_VALUE, moduleVariables } from '../../lib/constructs/module/module-variables';
import { synthesizeModulesUnchecked } from '../../lib/constructs/module/synthesize-modules';
import { terraformModule } from '../../lib/constructs/module/terraform-module';
import { leasehold, newFolder, removeFolders } from '../cli/support';
import { aBrokeredEnvironment } from '../sandbox/support/broker';
import { anEnvironment } from '../support/environment';
import { synthStack } from '../support/synth';

afterAll(removeFolders);

const ROOT = join(__dirname, '..', '..');

/** The module of the reference project's environment dev, as the command line writes it. */
async function reference() {
  const cwd = newFolder();
  const { code } = await leasehold(['synth', join(ROOT, 'roles'), '--module', '--env', 'dev', '--imports', 'agents'], {
    cwd,
  });
  expect(code).toBe(0);
  const read = (path: string) => readFileSync(join(cwd, 'modules', path), 'utf8');
  return { text: read('hermes-dev/main.tf.json'), imports: read('hermes-dev.imports.tf.json') };
}

it('has no provider and no backend, and says which providers it needs', async () => {
  const { text } = await reference();
  const json = JSON.parse(text);
  expect(Object.keys(json).sort()).toEqual(['//', 'data', 'output', 'resource', 'terraform', 'variable']);
  expect(json.terraform).toEqual({
    required_version: '>= 1.5',
    required_providers: {
      aws: { source: 'hashicorp/aws', version: '>= 5.100, < 7', configuration_aliases: ['aws.iam_events'] },
    },
  });
  expect(JSON.stringify(json.resource)).not.toContain('uniqueId');
});

/** Functions that Terraform and OpenTofu have both had since OpenTofu was forked from Terraform 1.5. */
const COMMON_FUNCTIONS = new Set(['merge', 'can', 'regex']);

it('contains nothing that OpenTofu 1.6 cannot read: no newer block, no function of a provider, no write-only attribute', async () => {
  const { text, imports } = await reference();
  const brokered = terraformModule({ environment: aBrokeredEnvironment(), variables: [], brokerCode: __filename });
  for (const module of [JSON.parse(text), brokered]) {
    expect(
      Object.keys(module).filter((key) => !/^(?:\/\/|data|output|resource|terraform|variable)$/.test(key)),
    ).toEqual([]);
    expect(Object.keys(module.terraform).sort()).toEqual(['required_providers', 'required_version']);
    expect(module.terraform.required_version).toBe('>= 1.5');
    const types = [...Object.keys(module.resource), ...Object.keys(module.data)];
    expect(types.filter((type) => !type.startsWith('aws_'))).toEqual([]);
    const whole = JSON.stringify(module);
    expect(whole).not.toMatch(/provider::|terraform_data|"ephemeral|_wo(?:_version)?":/);
    // Expressions are `${…}`; `$${…}` is a policy variable of IAM.
    const expressions = [...whole.matchAll(/(?<!\$)\$\{([^}]*)\}/g)].map(([, expression = '']) => expression);
    expect(expressions.length).toBeGreaterThan(0);
    const functions = expressions.flatMap((expression) =>
      [...expression.matchAll(/([\w:]+)\(/g)].map(([, name]) => name),
    );
    expect(functions.filter((name) => !COMMON_FUNCTIONS.has(name ?? ''))).toEqual([]);
  }
  expect(Object.keys(JSON.parse(imports)).sort()).toEqual(['//', 'import']);
});

it('has the variables of the definitions, each with its value as the default, and puts no stand-in anywhere', async () => {
  const { text, imports } = await reference();
  const { variable, resource, output } = JSON.parse(text);
  expect(Object.keys(variable).sort()).toEqual(
    ['app_log_group', 'deploy_bucket', 'shop_cluster', 'shop_reader_secret', 'tags', 'worker_log_group'].sort(),
  );
  expect(variable.deploy_bucket.default).toBe('hermes-dev-deploy');
  expect(JSON.stringify(resource)).toContain('arn:aws:s3:::${var.deploy_bucket}/$${aws:PrincipalTag/param.release}/*');
  expect(JSON.stringify(output)).toContain('${var.deploy_bucket}');
  expect(text + imports).not.toMatch(/leaseholdvariable/);
  expect(JSON.stringify(resource)).not.toContain('hermes-dev-deploy');
});

it('imports every resource of the reference project, each once', async () => {
  const { text, imports } = await reference();
  const { resource } = JSON.parse(text);
  const addresses = Object.entries(resource).flatMap(([type, named]) =>
    Object.keys(named as object).map((name) => `module.agents.${type}.${name}`),
  );
  const blocks: readonly { readonly to: string; readonly id: string }[] = JSON.parse(imports).import;
  expect(blocks.map(({ to }) => to).sort()).toEqual(addresses.sort());
  for (const { id } of blocks) expect(id).not.toMatch(/undefined|\$/);
});

it.each(['*', 'a*', 'a?', '${aws:username}', '"', 'a\\', 'a b', '', 'x'.repeat(257), 'a\nb', '%{if true}'])(
  'a root cannot set %j',
  (value) => {
    expect(MODULE_VALUE.test(value)).toBe(false);
    expect(moduleVariables({ bucket: value })).toEqual([]);
  },
);

it('leaves no variable open whose name a module block has itself', () => {
  expect(moduleVariables({ source: 'x', tags: 'y', bucket: 'z' }).map(({ name }) => name)).toEqual(['bucket']);
});

it('demands the account and the region, before anything is made', () => {
  const { data, resource } = terraformModule({ environment: anEnvironment(), variables: [] });
  expect(JSON.stringify(data)).toContain('self.account_id == \\"123456789012\\"');
  for (const named of Object.values(resource)) {
    for (const attributes of Object.values(named)) expect(attributes.depends_on).not.toEqual([]);
  }
});

it('never undoes a revocation, which is a tag that the broker sets', () => {
  const folder = mkdtempSync(join(tmpdir(), 'leasehold-module-'));
  try {
    const environment = aBrokeredEnvironment();
    const { resource } = terraformModule({ environment, variables: [], brokerCode: __filename });
    for (const role of Object.values(resource.aws_iam_role ?? {})) {
      expect(role.lifecycle).toMatchObject({ ignore_changes: ['tags', 'tags_all'] });
    }
    const [module] = synthesizeModulesUnchecked([{ environment, variables: [] }], {
      outdir: folder,
      brokerCode: __filename,
      importsFor: 'agents',
    });
    expect(
      readFileSync(join(module?.directory ?? '', 'broker.zip'))
        .subarray(0, 2)
        .toString(),
    ).toBe('PK');
    expect(JSON.stringify(resource.aws_lambda_function)).toContain('${path.module}/broker.zip');
    expect(module?.notImported).toContainEqual(expect.stringContaining('aws_apigatewayv2_api'));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});

it('has the resources of the stack, with the same names, so that state moves by address', () => {
  const environment = anEnvironment();
  const { resource } = terraformModule({ environment, variables: [] });
  const names = (all: object) =>
    Object.entries(all)
      .map(([type, named]) => [type, Object.keys(named).sort()])
      .sort(([one = ''], [other = '']) => (one < other ? -1 : 1));
  expect(names(resource)).toEqual(names(synthStack(environment).resource));
});
