/** The core runs in a browser: nothing that it imports is of Node or of AWS. */
import { join } from 'node:path';
import { createContext, runInContext } from 'node:vm';
import { buildSync } from 'esbuild';
import { leaseOf, proposed, REQUESTED } from '../support';
import { Authenticator, PARTY } from './authenticator';

const ROOT = join(__dirname, '..', '..', '..');

function bundled(contents: string) {
  return buildSync({
    stdin: { contents, resolveDir: join(ROOT, 'lib', 'broker'), loader: 'ts' },
    bundle: true,
    write: false,
    metafile: true,
    minify: true,
    format: 'iife',
    globalName: 'core',
    platform: 'browser',
    target: 'es2022',
    conditions: ['@leasehold/source'],
    absWorkingDir: ROOT,
    logLevel: 'silent',
  });
}

it('bundles for a browser, without Node, AWS, or a package that nobody expects there', () => {
  const { metafile, warnings } = bundled("export * from './core'");
  const packages = Object.keys(metafile.inputs).flatMap((path) => {
    const [, name] = /node_modules\/((?:@[^/]+\/)?[^/]+)\/(?!.*node_modules)/.exec(path) ?? [];
    return name === undefined || name.startsWith('@leasehold/') ? [] : [name];
  });
  expect([...new Set(packages)].sort()).toEqual(['@noble/hashes', 'zod']);
  expect(warnings).toEqual([]);
});

it('verifies a signature with nothing but what a browser has', async () => {
  const { outputFiles } = bundled("export * from './core'");
  const { crypto, TextEncoder, TextDecoder, atob, btoa } = globalThis;
  // The arrays of this realm: WebCrypto of Node accepts no others.
  const page = createContext({ crypto, TextEncoder, TextDecoder, atob, btoa, Uint8Array, DataView });
  const core: typeof import('../../../lib/broker/core') = runInContext(`${outputFiles[0]?.text};core`, page);
  const key = new Authenticator();
  const statement = core.consentStatement(leaseOf(REQUESTED, proposed(1)), 'approve', 'lead');
  if (statement === undefined) throw new Error('nothing is proposed');
  const assertion = key.sign(statement);
  const challenge = core.challengeOf(assertion.nonce, statement);
  expect(await core.verifySignature(assertion, { publicKey: key.publicKey, challenge, relyingParty: PARTY })).toEqual({
    kind: 'valid',
    counter: 0,
  });
});

it('the check finds what it looks for', () => {
  expect(() => bundled("export * from './core'; export { createHash } from 'node:crypto'")).toThrow('node:crypto');
});
