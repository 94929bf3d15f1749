/** Public repositories whose plans are reviewed, each at one commit. Nothing of theirs is part of this repository. */
import { existsSync, readdirSync } from 'node:fs';
import { basename, dirname, join, relative } from 'node:path';

/** A folder of Terraform that is planned. */
export interface Project {
  /** A name that a module may have. */
  readonly id: string;
  readonly path: string;
  /** It is a root module, and not called as a module. */
  readonly root?: true;
}

/** A way to more power that a lab has on purpose. */
export interface Path {
  readonly name: string;
  /** Whether a finding at an address, or about an identity, is about it. */
  of(text: string): boolean;
}

export interface Repository {
  /** `owner/name` at github.com. */
  readonly name: string;
  readonly commit: string;
  /** The projects in a checkout. */
  projects(checkout: string): readonly Project[];
  /** The paths of a project, by the addresses of the identities in its plan; absent for examples, which have none. */
  paths?(project: string, addresses: readonly string[]): readonly Path[];
}

export const REPOSITORIES: readonly Repository[] = [
  {
    name: 'BishopFox/iam-vulnerable',
    commit: '0f298666f9b7cfa01488b86912afdb211773188a',
    projects: (checkout) => [{ id: 'iam_vulnerable', path: checkout, root: true }],
    paths: (_, addresses) =>
      addresses
        .flatMap((address) => /^module\.privesc-paths\.aws_iam_role\.(privesc\S*)$/i.exec(address)?.[1] ?? [])
        // The roles that others end at are no paths of their own.
        .filter((name) => !/-(intermediate|ending|service)-role$/.test(name))
        .map((name) => ({ name, of: (text) => text.toLowerCase().includes(name.replace(/-role$/, '').toLowerCase()) })),
  },
  {
    name: 'DataDog/pathfinding-labs',
    commit: '28cbf9aa530cdfa1035fe17e0b06673d99044dfb',
    projects: (checkout) =>
      foldersBelow(join(checkout, 'modules', 'scenarios', 'single-account'))
        .filter((path) => /privesc-(one-hop|self-escalation|multi-hop)/.test(path))
        .map((path) => ({ id: relative(join(checkout, 'modules', 'scenarios'), path).replace(/\W+/g, '_'), path })),
    paths: (project) => [{ name: project, of: (text) => text.includes(`module.${project}.`) }],
  },
  {
    name: 'RhinoSecurityLabs/cloudgoat',
    commit: 'abf1ba8f5e47d7ced750fdfa025d51c99f1a43ed',
    projects: (checkout) =>
      foldersBelow(join(checkout, 'cloudgoat', 'scenarios', 'aws'))
        .filter((path) => /(privesc|takeover|vulnerable)\w*\/terraform$/.test(path))
        .map((path) => ({ id: basename(dirname(path)), path, root: true })),
    // Whatever is found is about the one scenario.
    paths: (project) => [{ name: project, of: () => true }],
  },
  examples('terraform-aws-modules/terraform-aws-iam', 'v5.60.0'),
  examples('terraform-aws-modules/terraform-aws-eks', 'v20.37.2'),
  examples('github-aws-runners/terraform-aws-github-runner', 'v6.8.5'),
  examples('terraform-aws-modules/terraform-aws-lambda', 'v7.21.1'),
];

/** Modules of the registry that examples use, which is not asked. Each is cloned like the repositories. */
export const REGISTRY_MODULES: readonly Pick<Repository, 'name' | 'commit'>[] = [
  { name: 'terraform-aws-modules/terraform-aws-eks', commit: 'v20.37.2' },
  { name: 'terraform-aws-modules/terraform-aws-key-pair', commit: 'v2.0.3' },
  { name: 'terraform-aws-modules/terraform-aws-kms', commit: 'v3.1.1' },
  { name: 'terraform-aws-modules/terraform-aws-s3-bucket', commit: 'v4.11.0' },
  { name: 'terraform-aws-modules/terraform-aws-security-group', commit: 'v5.3.0' },
  { name: 'terraform-aws-modules/terraform-aws-sqs', commit: 'v4.3.1' },
  { name: 'terraform-aws-modules/terraform-aws-vpc', commit: 'v5.21.0' },
];

/** The examples of a module: what people copy, and what should raise no alarm. */
function examples(name: string, commit: string): Repository {
  return {
    name,
    commit,
    projects: (checkout) =>
      foldersBelow(join(checkout, 'examples')).map((path) => ({
        id: relative(join(checkout, 'examples'), path).replace(/\W+/g, '_'),
        path,
      })),
  };
}

/** The folders that hold Terraform themselves, sorted. */
function foldersBelow(path: string): readonly string[] {
  if (!existsSync(path)) return [];
  const entries = readdirSync(path, { withFileTypes: true }).toSorted((one, other) => (one.name < other.name ? -1 : 1));
  const own = entries.some((entry) => entry.isFile() && entry.name.endsWith('.tf')) ? [path] : [];
  return [
    ...own,
    ...entries.filter((entry) => entry.isDirectory()).flatMap(({ name }) => foldersBelow(join(path, name))),
  ];
}
