/** IAM policies that were copied word for word into roles, and the roles after the hints of one run of `validate`. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Definitions, Finding } from '@leasehold/definitions';
import { stringify } from 'yaml';
import { checkProject } from '../../lib/cli/project';
import { type Doc, type Files, followHints } from './follow-hints';

export const LITERAL_FOLDER = join(__dirname, '../cases/literal');
const PROJECT = readFileSync(join(LITERAL_FOLDER, 'project.yaml'), 'utf8');

/** Policies of further kinds. */
const MORE_FOLDER = join(__dirname, '../cases/literal-more');

/** The names of the policies. */
export const LITERAL_CASES: readonly string[] = namesIn(LITERAL_FOLDER).filter((name) => name !== 'project');
export const MORE_LITERAL_CASES: readonly string[] = namesIn(MORE_FOLDER);

function namesIn(folder: string): readonly string[] {
  return readdirSync(folder).map((file) => file.replace(/\.yaml$/, ''));
}

/** A policy before and after the hints, and what is found in both. */
export interface Followed {
  readonly before: Files;
  readonly after: Files;
  readonly docs: readonly Doc[];
  readonly first: readonly Finding[];
  readonly second: readonly Finding[];
  readonly definitions: Definitions | undefined;
}

/** The roles of a policy, after the hints of one run. */
export async function followed(name: string): Promise<Followed> {
  const folder = LITERAL_CASES.includes(name) ? LITERAL_FOLDER : MORE_FOLDER;
  const before = { 'project.yaml': PROJECT, 'role.yaml': readFileSync(join(folder, `${name}.yaml`), 'utf8') };
  const { findings: first } = await checked(before);
  const docs = Object.entries(followHints(before, first));
  const after = Object.fromEntries(docs.map(([file, each]) => [file, textOf(each)]));
  const { findings: second, definitions } = await checked(after);
  return { before, after, docs: docs.flatMap(([, each]) => each), first, second, definitions };
}

/** One project with the roles of all the policies, after the hints. */
export async function followedTogether(): Promise<Definitions> {
  const docs = (await Promise.all(LITERAL_CASES.map(followed))).flatMap((each) => each.docs);
  const projects = docs.filter(({ kind }) => kind === 'Project');
  const project = {
    ...projects[0],
    external: Object.assign({}, ...projects.map(({ external }) => external)),
    mixedAccess: projects.flatMap(({ mixedAccess }) => mixedAccess ?? []),
  };
  const files = { 'all.yaml': textOf([project, ...docs.filter(({ kind }) => kind === 'Role')]) };
  const { definitions, findings } = await checked(files);
  if (definitions === undefined) throw new Error(findings.map(({ message }) => message).join('\n'));
  return definitions;
}

function checked(files: Files) {
  const texts = Object.entries(files).map(([name, text]) => ({ name, text }));
  return checkProject([], { cwd: LITERAL_FOLDER, today: '2026-11-30' }, texts);
}

function textOf(docs: readonly Doc[]): string {
  return docs.map((doc) => stringify(doc)).join('---\n');
}
