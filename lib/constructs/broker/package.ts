/** What the broker's function is deployed as: its code and its environment's configuration, in one archive. */

import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { LeaseholdError } from '@leasehold/contract/error';
import type { Environment } from '@leasehold/definitions';
import { BROKER_CONFIG, brokerConfig } from '@leasehold/documents';
import { strToU8, type Zippable, zipSync } from 'fflate';

/** Name of the archive, beside the stack's JSON. */
export const BROKER_ARCHIVE = 'broker.zip';
/** The function's handler: what `index.js` exports. */
export const BROKER_HANDLER = 'index.handler';

/** An archive, and its SHA-256 in base64, as Lambda and Terraform write it. */
export interface BrokerPackage {
  readonly bytes: Uint8Array;
  readonly hash: string;
}

/**
 * Packs the broker of an environment. The same code and definitions are the same bytes, on any machine and at any time.
 * @param code Path of the bundle. Default: the one that `npm run build` writes.
 */
export function brokerPackage(environment: Environment, code: string = brokerBundle()): BrokerPackage {
  const bytes = zipSync(
    { [BROKER_CONFIG]: file(strToU8(brokerConfig(environment))), 'index.js': file(readFileSync(code)) },
    { level: 9, mtime: FIRST_DAY },
  );
  return { bytes, hash: createHash('sha256').update(bytes).digest('base64') };
}

/** A file that everybody may read, since Lambda runs it as a user of its own. */
function file(content: Uint8Array): Zippable[string] {
  return [content, { os: UNIX, attrs: 0o644 << 16 }];
}

const UNIX = 3;
/** The first day of the archive's calendar. It is local time, and the archive writes local time. */
const FIRST_DAY = new Date(1980, 0, 1);

/** Path of the function's code, which `npm run build` writes into this package: one file, from the sources as from `dist/`. */
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
