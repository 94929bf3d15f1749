/** The reference project, synthesized. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { synthesizeUnchecked } from '@leasehold/constructs';
import { loadDefinitions } from '@leasehold/definitions';
import { type Deployed, readStack } from '../support/deployed';

/** What an environment of the reference project deploys. */
export function referenceStack(name: string): Deployed {
  const { definitions, findings } = loadDefinitions(join(__dirname, '..', '..', 'roles'));
  if (!definitions) throw new Error(`the reference project does not load: ${JSON.stringify(findings)}`);
  const account = definitions.environments.find((environment) => environment.name === name)?.account ?? '';
  const outdir = mkdtempSync(join(tmpdir(), 'leasehold-reference-'));
  try {
    const [stack] = synthesizeUnchecked(definitions, { outdir, environments: [name] });
    if (!stack) throw new Error(`the reference project has no environment ${name}`);
    return readStack(JSON.parse(readFileSync(join(stack.directory, 'cdk.tf.json'), 'utf8')), account);
  } finally {
    rmSync(outdir, { recursive: true, force: true });
  }
}
