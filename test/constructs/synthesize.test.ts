/** The programmatic way to stacks runs the guardrails; the one that does not says so in its name. */
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { GuardrailError, synthesize, synthesizeUnchecked } from '@leasehold/constructs';
import { loadDefinitions } from '@leasehold/definitions';

const TODAY = '2026-11-30';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'leasehold-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

function projectWith(sensitive: string) {
  const text = `kind: Project
name: shop
environments: { dev: { account: "123456789012", region: eu-west-1 } }
agents: { agent: { identity: { type: iam-user } } }
approvers: [lead]
---
kind: Role
name: reader
purpose: Read one bucket.
access: read
gate: mfa
allow: [{ actions: s3:GetObject, resources: "arn:aws:s3:::shop/*" }]
${sensitive}`;
  const { definitions } = loadDefinitions([], { texts: [{ name: 'all.yaml', text }] });
  if (definitions === undefined) throw new Error('the definitions load');
  return definitions;
}

const broken = projectWith('');
const sound = projectWith('sensitive: [{ action: s3:GetObject, because: One. }]');

test('synthesize refuses what breaks a guardrail, with the findings, and writes nothing', async () => {
  const outdir = join(folder, 'out');
  const refusal = await synthesize(broken, { outdir, today: TODAY }).catch((error: unknown) => error);
  expect(refusal).toBeInstanceOf(GuardrailError);
  expect((refusal as GuardrailError).findings.map(({ id }) => id)).toEqual(['no-sensitive-read']);
  expect(existsSync(outdir)).toBe(false);
});

test('synthesize writes what passes, and synthesizeUnchecked whatever it is given', async () => {
  const [stack] = await synthesize(sound, { outdir: join(folder, 'sound'), today: TODAY });
  expect(existsSync(join(stack?.directory ?? '', 'cdk.tf.json'))).toBe(true);
  const [unchecked] = synthesizeUnchecked(broken, { outdir: join(folder, 'broken') });
  expect(existsSync(join(unchecked?.directory ?? '', 'cdk.tf.json'))).toBe(true);
});
