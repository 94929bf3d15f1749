/** Computes the hash of the broker's code, as it is packaged for the definitions. */
import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { LeaseholdError } from '@leasehold/contract/error';
import type { Definitions, Environment } from '@leasehold/definitions';
import { functionCode } from './synthesis';

/** Name of the archive next to the stack. */
const ARCHIVE = 'broker.zip';

/**
 * SHA-256 of the deployment package in base64, as Lambda reports it. To compute the hash, the stack is written into a
 * temporary folder. `undefined` if the environment has no broker or the code is not built.
 */
export function plannedCode(definitions: Definitions, { name, broker }: Environment): string | undefined {
  if (broker === undefined) return undefined;
  const folder = mkdtempSync(join(tmpdir(), 'leasehold-doctor-'));
  try {
    const { synthesizeUnchecked } = require('@leasehold/constructs') as typeof import('@leasehold/constructs');
    const [stack] = synthesizeUnchecked(definitions, {
      outdir: folder,
      environments: [name],
      ...functionCode(),
    });
    if (stack === undefined) return undefined;
    return createHash('sha256')
      .update(readFileSync(join(stack.directory, ARCHIVE)))
      .digest('base64');
  } catch (error) {
    if (error instanceof LeaseholdError && error.code === 'not-built') return undefined;
    throw error;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
