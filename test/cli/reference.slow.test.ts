import { join } from 'node:path';
import { jsonSchemaText } from '@leasehold/definitions';
import { COMMANDS } from '../../lib/cli/program';
import { REFERENCE_FILE, renderReference } from '../../lib/cli/reference';
import { expectFile, leasehold } from './support';

it('docs/cli.md is what the help of the commands says', () => {
  expectFile(join(__dirname, '..', '..', REFERENCE_FILE), renderReference());
});

it('docs/cli.md has a section of every command, with an example and its exit codes', () => {
  const sections = renderReference().split('\n## ').slice(1);
  for (const { name } of COMMANDS) {
    const section = sections.find((text) => text.startsWith(`leasehold ${name}\n`));
    expect(section).toMatch(/```sh\n# .+\n\S+/);
    expect(section).toContain('Exit code 0: ');
  }
});

it('`leasehold schema` prints the schema of the definitions', async () => {
  expect(await leasehold('schema')).toEqual({ code: 0, out: jsonSchemaText(), err: '' });
});
