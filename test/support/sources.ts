/** How a process of its own runs Leasehold from its sources, as the tests do themselves. */
import { join } from 'node:path';

const ROOT = join(__dirname, '..', '..');

/** Flags of Node that load TypeScript, and Leasehold's packages from their sources. */
export const FROM_SOURCES: readonly string[] = [
  '--conditions=@leasehold/source',
  '--require',
  require.resolve('tsx/cjs'),
];

/** Arguments of Node that run the command line. */
export const LEASEHOLD: readonly string[] = [...FROM_SOURCES, join(ROOT, 'lib', 'cli', 'main.ts')];
