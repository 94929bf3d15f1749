/** Writes definitions to disk as Terraform JSON. */

import { join } from 'node:path';
import { defined } from '@leasehold/contract/defined';
import { LeaseholdError } from '@leasehold/contract/error';
import { type Definitions, type Finding, hasErrors, renderFindings } from '@leasehold/definitions';
import { stackName } from '@leasehold/documents';
import { type CheckOptions, checkDefinitions } from '@leasehold/guardrails';
import { App } from 'cdktf';
import { LeaseholdStack } from './leasehold-stack';

export interface SynthesizeOptions {
  /** Folder to write to. Default: `CDKTF_OUTDIR`, which cdktf-cli sets, else `cdktf.out`. */
  readonly outdir?: string;
  /** Names of the environments to synthesize. Default: all. */
  readonly environments?: readonly string[];
  /** Path of the broker functions' code. Default: the bundle in the Leasehold package. */
  readonly brokerCode?: string;
  /** Folder of the console functions' code and files. Default: the bundle in the Leasehold package. */
  readonly consoleCode?: string;
}

/** A stack that was written to disk. */
export interface SynthesizedStack {
  /** For example `hermes-dev`. */
  readonly name: string;
  /** The folder in which Terraform runs, for example `cdktf.out/stacks/hermes-dev`. */
  readonly directory: string;
}

/**
 * Checks the definitions against the guardrails, and writes one stack for each environment. The same input always
 * results in the same bytes, on any machine and in any folder.
 * @throws {GuardrailError} if a guardrail finds an error. In that case, nothing is written.
 */
export async function synthesize(
  definitions: Definitions,
  options: SynthesizeOptions & Partial<CheckOptions> = {},
): Promise<readonly SynthesizedStack[]> {
  const { today = new Date().toISOString().slice(0, 10) } = options;
  const { findings } = await checkDefinitions(definitions, { today });
  if (hasErrors(findings)) throw new GuardrailError(findings);
  return synthesizeUnchecked(definitions, options);
}

/** The error for definitions that violate guardrails, with the findings. */
export class GuardrailError extends LeaseholdError<'guardrails'> {
  override readonly name = 'GuardrailError';

  constructor(readonly findings: readonly Finding[]) {
    const message = `The definitions break guardrails:\n${renderFindings(findings, { color: false })}`;
    super({ code: 'guardrails', message, hint: 'Follow the hints of the findings, then synthesize again.' });
  }
}

/**
 * Writes one stack for each environment without checking the guardrails. Call it only with definitions that have
 * passed `checkDefinitions`.
 */
export function synthesizeUnchecked(
  definitions: Definitions,
  options: SynthesizeOptions = {},
): readonly SynthesizedStack[] {
  const outdir = options.outdir ?? process.env.CDKTF_OUTDIR ?? 'cdktf.out';
  const app = new App({ outdir });
  const environments = definitions.environments.filter(
    ({ name }) => options.environments === undefined || options.environments.includes(name),
  );
  const stacks = environments.map((environment) => {
    const name = stackName(environment);
    const { brokerCode, consoleCode } = options;
    new LoneStack(app, name, { environment, ...defined({ brokerCode, consoleCode }) });
    return { name, directory: join(outdir, 'stacks', name) };
  });
  app.synth();
  return stacks;
}

/**
 * Skips cdktf's preparation step, which resolves every resource once more and takes nearly half of cdktf's time. The
 * step only looks for references to other stacks and for a missing backend. In this stack, neither can occur.
 */
class LoneStack extends LeaseholdStack {
  override prepareStack(): void {}
}
