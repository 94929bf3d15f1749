/** Composition root, run by `cdktf synth|diff|deploy`: definitions → guardrails → stacks. */
import { synthesizeUnchecked } from '@leasehold/constructs';
import { type Finding, hasErrors, loadDefinitions, renderFindings } from '@leasehold/definitions';
import { checkDefinitions } from '@leasehold/guardrails';

async function main(): Promise<number> {
  const loaded = loadDefinitions('roles');
  report(loaded.findings);
  if (!loaded.definitions) return 1;

  const today = new Date().toISOString().slice(0, 10);
  const checked = await checkDefinitions(loaded.definitions, { today });
  report(checked.findings);
  for (const { guardrail, because, until } of checked.waived) {
    process.stderr.write(`waived until ${until}: ${guardrail}: ${because}\n`);
  }
  if (hasErrors(checked.findings)) return 1;

  synthesizeUnchecked(loaded.definitions);
  return 0;
}

function report(findings: readonly Finding[]): void {
  if (findings.length > 0) process.stderr.write(`${renderFindings(findings, { color: process.stderr.isTTY })}\n`);
}

void main().then((code) => {
  process.exitCode = code;
});
