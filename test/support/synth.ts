/** Synthesizes definitions into a temporary folder and reads the stacks back. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { synthesizeUnchecked } from '@leasehold/constructs';
import type { Definitions, Environment } from '../../lib/definitions/model';
import { definitions } from './environment';

/** A stack's Terraform JSON: block → type → name → attributes. */
export interface StackJson {
  readonly resource: Readonly<Record<string, Readonly<Record<string, Attributes>>>>;
  readonly provider: { readonly aws: readonly Attributes[] };
  readonly output: Readonly<Record<string, { readonly value: unknown }>>;
  readonly terraform: {
    readonly backend: Readonly<Record<string, Attributes>>;
    readonly required_providers: Readonly<Record<string, { readonly source: string; readonly version: string }>>;
  };
}

export type Attributes = Readonly<Record<string, unknown>>;

/** Every file that synth writes, by its path below the output folder. */
export function synthFiles(project: Definitions): ReadonlyMap<string, string> {
  return inTemporaryFolder((outdir) => {
    const stacks = synthesizeUnchecked(project, { outdir });
    const files = ['manifest.json', ...stacks.map(({ name }) => `stacks/${name}/cdk.tf.json`)];
    return new Map(files.map((file) => [file, readFileSync(join(outdir, file), 'utf8')]));
  });
}

/** The one stack of an environment. */
export function synthStack(environment: Environment): StackJson {
  const file = `stacks/${environment.project}-${environment.name}/cdk.tf.json`;
  return JSON.parse(synthFiles(definitions(environment)).get(file) ?? '');
}

/** Resources of a type, without cdktf's own annotations, by their name. */
export function resourcesOf(stack: StackJson, type: string): readonly Attributes[] {
  return Object.values(stack.resource[type] ?? {}).map(({ '//': _, ...attributes }) => attributes);
}

/** Text as Terraform reads it: the escapes of its template sequences undone. */
export function unescaped(text: unknown): string {
  return String(text).replaceAll('$${', '${').replaceAll('%%{', '%{');
}

/** Runs something with a folder that is gone afterwards. */
export function inTemporaryFolder<T>(work: (folder: string) => T): T {
  const folder = mkdtempSync(join(tmpdir(), 'leasehold-'));
  try {
    return work(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
