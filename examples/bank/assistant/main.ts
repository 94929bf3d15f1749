/**
 * Writes the bank's stack and the assistant's stack of one environment:
 *
 *   npx tsx --conditions=@leasehold/source examples/bank/assistant/main.ts dev
 */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { LeaseholdStack } from '@leasehold/constructs';
import { hasErrors, loadDefinitions, renderFindings } from '@leasehold/definitions';
import { checkDefinitions } from '@leasehold/guardrails';
import { App } from 'cdktf';
import { type Archive, archiveOf, FUNCTIONS, type FunctionName } from './bundle';
import { type ModelSettings, PROVIDERS } from './models';
import { AssistantStack } from './stack';

export interface SynthOptions {
  /** Name of the environment. */
  readonly environment: string;
  readonly model: Omit<ModelSettings, 'apiKey'>;
  readonly modelSecret?: string;
  /** Folder to write to. */
  readonly outdir: string;
  /** Also writes the bank's own stack. @default true */
  readonly withBank?: boolean;
}

/** @returns the folder of the assistant's stack. @throws {Error} if the definitions have errors */
export async function synthesizeAssistant(options: SynthOptions): Promise<string> {
  const loaded = loadDefinitions(join(__dirname, '..', 'roles'));
  const today = new Date().toISOString().slice(0, 10);
  const checked = loaded.definitions && (await checkDefinitions(loaded.definitions, { today }));
  const findings = [...loaded.findings, ...(checked?.findings ?? [])];
  if (loaded.definitions === undefined || hasErrors(findings))
    throw new Error(renderFindings(findings, { color: false }));
  const environment = loaded.definitions.environments.find(({ name }) => name === options.environment);
  if (environment === undefined) throw new Error(`There is no environment ${options.environment}.`);

  const { model, modelSecret, outdir } = options;
  const archives = Object.fromEntries(FUNCTIONS.map((name) => [name, archiveOf(name, model.provider)])) as Record<
    FunctionName,
    Archive
  >;
  const app = new App({ outdir, skipValidation: true });
  const name = `${environment.project}-${environment.name}`;
  if (options.withBank !== false) new LeaseholdStack(app, name, { environment });
  const id = `${name}-chat`;
  new AssistantStack(app, id, { environment, model, archives, ...(modelSecret === undefined ? {} : { modelSecret }) });
  app.synth();
  const folder = join(outdir, 'stacks', id);
  for (const each of FUNCTIONS) writeFileSync(join(folder, `${each}.zip`), archives[each].bytes);
  return folder;
}

async function main(): Promise<void> {
  const [environment = 'dev'] = process.argv.slice(2);
  const {
    MODEL_PROVIDER = 'bedrock',
    MODEL = 'eu.anthropic.claude-sonnet-4-20250514-v1:0',
    MODEL_URL,
    MODEL_SECRET,
  } = process.env;
  if (!Object.hasOwn(PROVIDERS, MODEL_PROVIDER)) {
    throw new Error(`MODEL_PROVIDER must be one of ${Object.keys(PROVIDERS).join(', ')}.`);
  }
  const provider = MODEL_PROVIDER as ModelSettings['provider'];
  const folder = await synthesizeAssistant({
    environment,
    model: { provider, model: MODEL, ...(MODEL_URL && { url: MODEL_URL }) },
    ...(MODEL_SECRET && { modelSecret: MODEL_SECRET }),
    outdir: process.env.CDKTF_OUTDIR ?? 'cdktf.out',
  });
  process.stdout.write(`${folder}\n`);
}

if (require.main === module) {
  main().catch((error: unknown) => {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = 1;
  });
}
