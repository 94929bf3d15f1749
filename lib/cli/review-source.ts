/** Finds the source of a finding: a line of the definitions or of a Terraform block. */
import { type Dirent, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Definitions, Path } from '@leasehold/definitions';
import { agentName, roleName } from '@leasehold/documents';
import type { Review, ReviewFinding, SourceLine } from '@leasehold/review';

/** Returns the line of a finding, as far as the sources alone determine it. */
export type SourceOf = (finding: ReviewFinding) => SourceLine | undefined;

/** Returns the answer of the first source that has one. */
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
 * Lines of the definitions. A finding about an identity that is generated from a role or an agent is located at that
 * YAML.
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
    // Attributes that exist only in the output, such as the length of a lease: `roles.s3-deploy`.
    const [, role = ''] = /^roles\.([a-z0-9-]+)/.exec(place.attribute ?? '') ?? [];
    return place.address === 'output.leasehold' ? declared.get(role)?.() : undefined;
  };
}

/**
 * Lines of Terraform blocks in a folder: the block `resource "<type>" "<name>"` that the address names, if there is
 * exactly one. Skips folders that begin with a dot, `node_modules` and the output of CDKTF.
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
 * The YAML key that determines an attribute of a role. Without an attribute, the finding is about what the role
 * permits.
 */
function keyOf(attribute: string | undefined): Path {
  if (attribute === 'assume_role_policy') return ['gate'];
  if (attribute === 'max_session_duration') return ['lease'];
  return attribute === undefined || /polic/.test(attribute) ? ['allow'] : ['name'];
}

/** `aws_iam_role.deploy` for `module.a["x"].aws_iam_role.deploy[0]`; with `data.…` for a data source. */
function blockOf(address: string): string | undefined {
  const [, data = '', type, name] =
    /^(?:module\.[\w-]+(?:\[(?:\d+|"(?:[^"\\]|\\.)*")\])?\.)*(data\.)?([\w-]+)\.([\w-]+)(?:\[|$)/.exec(address) ?? [];
  return type === undefined || name === undefined ? undefined : `${data}${type}.${name}`;
}

/** Maximum number of files and folders to read: the line is only a hint for the reader. */
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
