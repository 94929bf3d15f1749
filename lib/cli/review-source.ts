/** Finds the source line of a finding: a line in the definitions or in a Terraform block. */
import { type Dirent, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Definitions, Path } from '@leasehold/definitions';
import { agentName, roleName } from '@leasehold/documents';
import type { Review, ReviewFinding, SourceLine } from '@leasehold/review';

/** Returns the source line of a finding, if it can be determined from the sources. */
export type SourceOf = (finding: ReviewFinding) => SourceLine | undefined;

/** Combines several functions: tries them in order and returns the first line that one of the functions finds. */
export function firstOf(...sources: readonly SourceOf[]): SourceOf {
  return (finding) => {
    for (const source of sources) {
      const line = source(finding);
      if (line !== undefined) return line;
    }
    return undefined;
  };
}

/**
 * Finds lines in the definitions. For a finding about an identity that is generated from a role or an agent, returns
 * the line of that role or agent in the YAML.
 */
export function yamlSource(definitions: Definitions, review: Review): SourceOf {
  const lines = new Map<string, (attribute: string | undefined) => SourceLine>();
  for (const environment of definitions.environments) {
    for (const agent of environment.agents) {
      lines.set(agentName(agent, environment), () => at(environment, ['agents', agent.name]));
    }
    for (const role of environment.roles) {
      lines.set(roleName(role, environment), (attribute) => at(role, keyOf(attribute)));
    }
  }
  const declared = new Map(
    definitions.environments.flatMap((environment) =>
      environment.roles.map((role) => [role.name, () => at(role, ['lease'])] as const),
    ),
  );
  const names = new Map(review.identities.map(({ key, name }) => [key, name]));
  const byAddress = new Map(review.identities.map(({ place, name }) => [place?.address, name]));
  return ({ identity, place }) => {
    const name = (identity === undefined ? undefined : names.get(identity)) ?? byAddress.get(place.address);
    if (name !== undefined) return lines.get(name)?.(place.attribute);
    // Attributes that exist only in the `leasehold` output, such as the lease duration: `roles.s3-deploy`.
    const [, role = ''] = /^roles\.([a-z0-9-]+)/.exec(place.attribute ?? '') ?? [];
    return place.address === 'output.leasehold' ? declared.get(role)?.() : undefined;
  };
}

/**
 * Finds lines of Terraform blocks in a folder: the block `resource "<type>" "<name>"` that the address names, if there
 * is exactly one. Skips `node_modules`, the output of CDKTF, and folders whose names begin with a dot.
 */
export function terraformSource(root: string): SourceOf {
  let blocks: ReadonlyMap<string, readonly SourceLine[]> | undefined;
  return ({ place }) => {
    blocks ??= terraformBlocks(root);
    const block = blockOf(place.address);
    const [only, ...others] = (block === undefined ? undefined : blocks.get(block)) ?? [];
    return others.length === 0 ? only : undefined;
  };
}

function at({ locate }: { readonly locate: (path: Path) => SourceLine }, path: Path): SourceLine {
  const { file, line } = locate(path);
  return { file, line };
}

/**
 * The YAML key that determines an attribute of a role. Without an attribute, the finding is about the permissions of
 * the role.
 */
function keyOf(attribute: string | undefined): Path {
  if (attribute === 'assume_role_policy') return ['gate'];
  if (attribute === 'max_session_duration') return ['lease'];
  return attribute === undefined || /polic/.test(attribute) ? ['allow'] : ['name'];
}

/**
 * Returns `aws_iam_role.deploy` for `module.a["x"].aws_iam_role.deploy[0]`. For a data source, the result begins with
 * `data.`.
 */
function blockOf(address: string): string | undefined {
  const [, data = '', type, name] =
    /^(?:module\.[\w-]+(?:\[(?:\d+|"(?:[^"\\]|\\.)*")\])?\.)*(data\.)?([\w-]+)\.([\w-]+)(?:\[|$)/.exec(address) ?? [];
  return type === undefined || name === undefined ? undefined : `${data}${type}.${name}`;
}

/** Maximum number of files and folders to read. The line is only a hint for the reader, so a limit is acceptable. */
const MOST_ENTRIES = 20_000;
const SKIPPED = /^(?:\.|node_modules$|cdktf\.out$)/;

function terraformBlocks(root: string): ReadonlyMap<string, readonly SourceLine[]> {
  const blocks = new Map<string, SourceLine[]>();
  const folders = [''];
  let entries = 0;
  for (let folder = folders.shift(); folder !== undefined && entries < MOST_ENTRIES; folder = folders.shift()) {
    for (const entry of entriesOf(join(root, folder))) {
      entries++;
      if (SKIPPED.test(entry.name)) continue;
      const path = folder === '' ? entry.name : `${folder}/${entry.name}`;
      if (entry.isDirectory()) folders.push(path);
      else if (entry.isFile() && entry.name.endsWith('.tf')) addBlocks(join(root, path), path, blocks);
    }
  }
  return blocks;
}

function entriesOf(folder: string): readonly Dirent[] {
  try {
    return readdirSync(folder, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1));
  } catch {
    return [];
  }
}

function addBlocks(path: string, file: string, blocks: Map<string, SourceLine[]>): void {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch {
    return;
  }
  for (const [index, line] of text.split('\n').entries()) {
    const [, kind, type, name] = /^\s*(resource|data)\s+"([\w-]+)"\s+"([\w-]+)"/.exec(line) ?? [];
    if (type === undefined || name === undefined) continue;
    const key = `${kind === 'data' ? 'data.' : ''}${type}.${name}`;
    const known = blocks.get(key) ?? [];
    known.push({ file, line: index + 1 });
    blocks.set(key, known);
  }
}
