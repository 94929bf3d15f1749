/**
 * The console of the bank on this machine: `npm run demo:console`. Starts the broker with leases in every state, and
 * prints how to sign in.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { LeaseholdError } from '@leasehold/contract/error';
import { shellWord } from '@leasehold/contract/text';
import { setStage } from '../stage';
import { instructions } from './instructions';
import { makeLeases } from './leases';
import { registerPasskeys, visitorCodes } from './people';

/** The same port each time, because browsers bind passkeys to it. */
const PORT = '4180';

async function main(): Promise<void> {
  process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED = 'true';
  const { values } = parseArgs({ options: { port: { type: 'string', default: PORT } } });
  const stopped = new Promise<void>((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => resolve());
  });
  const say = (text: string) => process.stdout.write(text);
  say('Starting the broker …\n');
  const stage = await setStage({ approveWith: 'passkey', port: Number(values.port) });
  const folder = mkdtempSync(join(tmpdir(), 'leasehold-demo-'));
  try {
    const { signIn, manifest, sandbox } = stage.dev;
    if (signIn === undefined || !signIn.servesConsole) {
      const hint = 'Run `npm run build`, then start the demo again.';
      throw new LeaseholdError({ code: 'not-built', message: 'The console is not built.', hint });
    }
    say('Requesting leases …\n');
    const { approvers, waiting } = await makeLeases(stage, registerPasskeys);
    const codes = await visitorCodes(approvers);
    const file = join(folder, 'leasehold.json');
    writeFileSync(file, JSON.stringify(manifest));
    const { console, password } = signIn;
    const root = approvers.deputy.thumbprint;
    const ready = { console, password, codes, waiting, root, endpoint: sandbox.url, manifest: shellWord(file) };
    say(instructions(ready));
    await stopped;
  } finally {
    await stage.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

function told(error: unknown): string {
  if (error instanceof LeaseholdError) return `error: ${error.message}\n  hint: ${error.hint}`;
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}

main().catch((error: unknown) => {
  process.stderr.write(`${told(error)}\n`);
  process.exitCode = 1;
});
