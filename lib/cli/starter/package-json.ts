/**
 * Writes the `package.json` of a project that uses Leasehold: creates the file, or adds the missing entries to an
 * existing file.
 */
import { UsageError } from '../exit';
import type { LeaseholdPackages } from './dependencies';

export interface PackageJsonOptions {
  readonly project: string;
  readonly leasehold: LeaseholdPackages;
}

type Section = Readonly<Record<string, string>>;

interface PackageJson extends Readonly<Record<string, unknown>> {
  readonly scripts?: Section;
  readonly dependencies?: Section;
  readonly devDependencies?: Section;
  readonly optionalDependencies?: Section;
}

/** Scripts that call Leasehold and cdktf-cli. `npm run` finds both among the installed packages. */
const SCRIPTS: Section = {
  validate: 'leasehold validate',
  synth: 'leasehold synth',
  diff: 'cdktf diff',
  deploy: 'cdktf deploy',
};

/** Packages that an agent needs at run time. All other packages are only for development. */
const RUNTIME = ['@aws-sdk/client-s3', '@leasehold/contract', '@leasehold/runtime'];

/** The text of the file. Entries that already exist in any section of `before` are not changed. */
export function completedPackageJson(before: string | undefined, { project, leasehold }: PackageJsonOptions): string {
  const found = before === undefined ? { name: project, private: true } : parse(before);
  const has = { ...found.dependencies, ...found.devDependencies, ...found.optionalDependencies };
  const needed = Object.entries({ '@aws-sdk/client-s3': '^3.1169.0', 'cdktf-cli': '^0.21.0', ...leasehold });
  const missing = needed.filter(([name]) => !Object.hasOwn(has, name));
  const isRuntime = ([name]: readonly [string, string]) => RUNTIME.includes(name);
  const completed = {
    ...found,
    scripts: { ...SCRIPTS, ...found.scripts },
    dependencies: sorted({ ...Object.fromEntries(missing.filter(isRuntime)), ...found.dependencies }),
    devDependencies: sorted({
      ...Object.fromEntries(missing.filter((entry) => !isRuntime(entry))),
      ...found.devDependencies,
    }),
  };
  const same =
    before !== undefined && missing.length === 0 && Object.keys(SCRIPTS).every((name) => name in (found.scripts ?? {}));
  return same ? before : `${JSON.stringify(completed, undefined, indentOf(before))}\n`;
}

function parse(text: string): PackageJson {
  try {
    const value: unknown = JSON.parse(text.replace(/^\ufeff/, ''));
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as PackageJson;
  } catch {
    // Ignored here, because the error is reported below in the user's terms.
  }
  throw new UsageError('package.json: it is not a JSON object', {
    hint: 'Repair it, or name another folder, for example: npx leasehold init my-agent',
  });
}

function sorted(section: Section): Section {
  return Object.fromEntries(Object.entries(section).sort(([one], [other]) => (one < other ? -1 : 1)));
}

function indentOf(text: string | undefined): string | number {
  return /^[ \t]+(?=")/m.exec(text ?? '')?.[0] ?? 2;
}
