/** Writes the OpenAPI document. Run `npm run openapi` after a change of the contract. */
import { readFileSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { OPENAPI_FILE, openApiText } from './document';

/** Version of the contract. @param root Root folder of the repository */
export function contractVersion(root: string): string {
  return JSON.parse(readFileSync(resolve(root, 'lib/contract/package.json'), 'utf8')).version;
}

/** @param root Root folder of the repository */
export function writeOpenApi(root: string): void {
  writeFileSync(resolve(root, OPENAPI_FILE), openApiText(contractVersion(root)));
}

if (require.main === module) writeOpenApi(resolve(__dirname, '../../..'));
