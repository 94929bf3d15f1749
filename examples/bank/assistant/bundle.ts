/** The code of the functions, each as one file in one archive. The same sources are the same bytes in any folder. */
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { buildSync } from 'esbuild';
import { strToU8, zipSync } from 'fflate';
import { type ModelSettings, PROVIDERS } from './models';

/** The functions. */
export const FUNCTIONS = ['authorizer', 'message', 'worker', 'runner'] as const;
export type FunctionName = (typeof FUNCTIONS)[number];

export interface Archive {
  readonly bytes: Uint8Array;
  /** SHA-256 in base64, as Lambda and Terraform write it. */
  readonly hash: string;
}

const ROOT = join(__dirname, '..', '..', '..');
/** The earliest date that a ZIP archive can store. */
const FIRST_DAY = new Date(1980, 0, 1);

/** @throws {Error} if the package of the model's provider is not installed */
export function archiveOf(name: FunctionName, provider: ModelSettings['provider']): Archive {
  const bytes = zipSync({ 'index.js': [strToU8(codeOf(name, provider)), { mtime: FIRST_DAY }] }, { level: 9 });
  return { bytes, hash: createHash('sha256').update(bytes).digest('base64') };
}

function codeOf(name: FunctionName, provider: ModelSettings['provider']): string {
  const { package: installed } = PROVIDERS[provider];
  const entry =
    name === 'worker'
      ? `export const handler = require('./worker').handlerWith(async () => require('${installed}'));`
      : `export { handler } from './${name}';`;
  try {
    const { outputFiles } = buildSync({
      absWorkingDir: ROOT,
      stdin: { contents: entry, resolveDir: join(__dirname, 'lambda'), sourcefile: `${name}.entry.js` },
      write: false,
      bundle: true,
      platform: 'node',
      target: 'node22',
      format: 'cjs',
      charset: 'utf8',
      mainFields: ['module', 'main'],
      conditions: ['@leasehold/source', 'module'],
      preserveSymlinks: true,
      legalComments: 'none',
      logLevel: 'silent',
    });
    return outputFiles[0]?.text ?? '';
  } catch (error) {
    if (!String(error).includes(`"${installed}"`)) throw error;
    throw new Error(`${installed} is not installed. Run: npm install ${installed}`);
  }
}
