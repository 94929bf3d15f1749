/** Definitions → Terraform JSON on disk. */
import { join } from 'node:path';
import { defined } from '@leasehold/contract/defined';
import type { Definitions } from '@leasehold/definitions';
import { stackName } from '@leasehold/documents';
import { App } from 'cdktf';
import { LeaseholdStack } from './leasehold-stack';

export interface SynthesizeOptions {
  /** Folder to write to; default: `CDKTF_OUTDIR`, which cdktf-cli sets, else `cdktf.out`. */
  readonly outdir?: string;
  /** Names of the environments to synthesize; default: all. */
  readonly environments?: readonly string[];
  /** Path of the code of the brokers' functions; default: the bundle in Leasehold's own package. */
  readonly brokerCode?: string;
}

/** A stack that was written. */
export interface SynthesizedStack {
  /** For example `hermes-dev`. */
  readonly name: string;
  /** Where Terraform runs, for example `cdktf.out/stacks/hermes-dev`. */
  readonly directory: string;
}

/**
 * Writes one stack an environment. The definitions must have passed the guardrails; nothing is checked here.
 * Same input, same bytes, on any machine and in any folder.
 */
export function synthesize(definitions: Definitions, options: SynthesizeOptions = {}): readonly SynthesizedStack[] {
  const outdir = options.outdir ?? process.env.CDKTF_OUTDIR ?? 'cdktf.out';
  const app = new App({ outdir });
  const environments = definitions.environments.filter(
    ({ name }) => options.environments === undefined || options.environments.includes(name),
  );
  const stacks = environments.map((environment) => {
    const name = stackName(environment);
    const { brokerCode } = options;
    new LoneStack(app, name, { environment, ...defined({ brokerCode }) });
    return { name, directory: join(outdir, 'stacks', name) };
  });
  app.synth();
  return stacks;
}

/**
 * A stack that refers to no other stack and has its backend, which is all that cdktf's preparing run looks for. That run
 * resolves every resource once more: nearly half of the time that cdktf takes.
 */
class LoneStack extends LeaseholdStack {
  override prepareStack(): void {}
}
