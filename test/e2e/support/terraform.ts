/** The real `terraform`, with a configuration of its own: nothing of the user's settings reaches a test. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { defined } from '@leasehold/contract/defined';
import type { Moto } from './moto';
import { installation, unpackedMirror } from './provider';
import { run } from './run';

/** A resource change of `terraform show -json`. */
export interface ResourceChange {
  readonly address: string;
  readonly type: string;
  readonly change: {
    readonly actions: readonly string[];
    readonly before: Readonly<Record<string, unknown>> | null;
    readonly after: Readonly<Record<string, unknown>> | null;
    readonly after_unknown: Readonly<Record<string, unknown>>;
  };
}

export interface Plan {
  /** Changes that would be made; one without an action is left out. */
  readonly changes: readonly ResourceChange[];
  /** Names of outputs that would change. */
  readonly outputs: readonly string[];
}

export interface Terraform {
  init(...args: readonly string[]): Promise<void>;
  /** Diagnostics; an invalid configuration is an answer and no error. */
  validate(): Promise<{ readonly valid: boolean; readonly diagnostics: readonly { readonly summary: string }[] }>;
  plan(...args: readonly string[]): Promise<Plan>;
  /** The last plan, as `terraform show -json` prints it. */
  shown(): Promise<string>;
  apply(...args: readonly string[]): Promise<void>;
  output(): Promise<Readonly<Record<string, { readonly value: unknown }>>>;
  destroy(): Promise<void>;
}

/** Terraform in a stack's folder, against moto. */
export function terraformIn(directory: string, moto: Moto): Terraform {
  const env = { ...moto.environment, ...terraformEnvironment() };
  const terraform = (args: readonly string[], expect?: readonly number[]) =>
    run('terraform', args, { cwd: directory, env, ...defined({ expect }) });
  const flags = ['-input=false', '-no-color'];
  return {
    init: async (...args) => {
      await terraform(['init', ...flags, ...args]);
    },
    validate: async () => JSON.parse((await terraform(['validate', '-json'], [0, 1])).stdout),
    plan: async (...args) => {
      await terraform(['plan', ...flags, '-out=test.tfplan', ...args]);
      const plan = JSON.parse((await terraform(['show', '-json', 'test.tfplan'])).stdout);
      const changed = ({ actions }: ResourceChange['change']) => actions.some((action) => action !== 'no-op');
      const outputs: Record<string, ResourceChange['change']> = plan.output_changes ?? {};
      return {
        changes: (plan.resource_changes ?? []).filter(({ change }: ResourceChange) => changed(change)),
        outputs: Object.keys(outputs).filter((name) => outputs[name] && changed(outputs[name])),
      };
    },
    shown: async () => (await terraform(['show', '-json', 'test.tfplan'])).stdout,
    apply: async (...args) => {
      await terraform(['apply', ...flags, '-auto-approve', ...args]);
    },
    output: async () => JSON.parse((await terraform(['output', '-json'])).stdout),
    destroy: async () => {
      await terraform(['destroy', ...flags, '-auto-approve']);
    },
  };
}

/** Variables that give Terraform a command-line configuration which finds the provider, and no telemetry. */
export function terraformEnvironment(): Readonly<Record<string, string>> {
  const folder = join(tmpdir(), `leasehold-terraform-${process.pid}`);
  mkdirSync(folder, { recursive: true });
  const file = join(folder, 'terraform.rc');
  const mirror = unpackedMirror();
  writeFileSync(file, installation(mirror));
  return {
    TF_CLI_CONFIG_FILE: file,
    TF_IN_AUTOMATION: '1',
    CHECKPOINT_DISABLE: '1',
    // cdktf-cli locks providers before its first plan, and that command looks for a mirror only where it is told to.
    TF_CLI_ARGS_providers_lock: `-fs-mirror=${mirror}`,
  };
}
