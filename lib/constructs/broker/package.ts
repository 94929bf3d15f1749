/** The deployment package of the broker's function: its code and its environment's configuration, in one archive. */

import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { LeaseholdError } from '@leasehold/contract/error';
import type { Environment } from '@leasehold/definitions';
import { BROKER_CONFIG, brokerConfig } from '@leasehold/documents';
import { strToU8, type Zippable, zipSync } from 'fflate';

/** Name of the archive, which is written next to the stack's JSON. */
export const BROKER_ARCHIVE = 'broker.zip';

/** An archive and its SHA-256 hash in base64, the encoding that Lambda and Terraform use for the hash. */
export interface BrokerPackage {
  readonly bytes: Uint8Array;
  readonly hash: string;
}

/**
 * Packs the broker of an environment. The same code and definitions always result in the same bytes, on any machine.
 * @param code Path of the bundle. Default: the bundle that `npm run build` writes.
 */
export function brokerPackage(environment: Environment, code: string = brokerBundle()): BrokerPackage {
  const bytes = zipSync(
    { [BROKER_CONFIG]: file(strToU8(brokerConfig(environment))), 'index.js': file(readFileSync(code)) },
    { level: 9, mtime: FIRST_DAY },
  );
  return { bytes, hash: createHash('sha256').update(bytes).digest('base64') };
}

/** File mode: every user may read the file, because Lambda runs the code as a separate user. */
function file(content: Uint8Array): Zippable[string] {
  return [content, { os: UNIX, attrs: 0o644 << 16 }];
}

const UNIX = 3;
/** The earliest date that a ZIP archive can store, in local time because ZIP archives store local times. */
const FIRST_DAY = new Date(1980, 0, 1);

/**
 * Path of the function's bundled code, which `npm run build` writes into this package. The path is the same whether
 * this module runs from its sources or from `dist/`.
 * @throws if the bundle has not been built.
 */
export function brokerBundle(resolve: (name: string) => string = require.resolve): string {
  try {
    return resolve('@leasehold/constructs/broker-function');
  } catch (cause) {
    throw new LeaseholdError(
      {
        code: 'not-built',
        message: "The code of the broker's function is not built.",
        hint: "Run `npm run build` in Leasehold's folder.",
      },
      { cause },
    );
  }
}
