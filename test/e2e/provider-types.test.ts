/** The committed classes of Terraform types are those of the provider that is used: an upgrade shows what is new. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import table from '../../lib/review/types/provider-types.json';
import { providerTypes } from '../../lib/review/types/schema';
import { run } from './support/run';
import { terraformEnvironment } from './support/terraform';

let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'leasehold-schema-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test('every type of the provider and every telling attribute is classified as committed', async () => {
  const aws = `aws = {\n      source  = "hashicorp/aws"\n      version = "${table.provider}"\n    }`;
  writeFileSync(join(folder, 'main.tf'), `terraform {\n  required_providers {\n    ${aws}\n  }\n}\n`);
  const options = { cwd: folder, env: terraformEnvironment() };
  await run('terraform', ['init', '-input=false', '-no-color'], options);
  const { stdout } = await run('terraform', ['providers', 'schema', '-json'], options);
  expect(providerTypes(JSON.parse(stdout), table.provider)).toEqual(table);
});
