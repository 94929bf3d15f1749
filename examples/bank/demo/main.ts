/**
 * The bank on this machine: `npm run demo:broker`. Needs no AWS account and no input. Exits with code 1 if a result differs
 * from the expected one.
 */
import { setStage } from './stage';
import { agentsApproveNothing } from './steps/agents-approve-nothing';
import { audit } from './steps/audit';
import { injection } from './steps/injection';
import { madeUpCustomers } from './steps/made-up-customers';
import { ownTransactions } from './steps/own-transactions';
import { tableScan } from './steps/table-scan';
import { twoHumans } from './steps/two-humans';
import { StoryFault, Teller } from './teller';

async function main(): Promise<void> {
  // The SDK's warning about the version of Node does not belong in the output.
  process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED = 'true';
  const teller = Teller.onTerminal();
  const stage = await setStage({ approveWith: 'mfa' });
  try {
    teller.title(
      'A bank’s production on this machine: the broker’s own code, and AWS’s yes and no by the roles in examples/bank.',
    );
    await ownTransactions(stage, teller);
    await madeUpCustomers(stage, teller);
    await tableScan(stage, teller);
    await injection(stage, teller);
    const lease = await twoHumans(stage, teller);
    await agentsApproveNothing(stage, teller);
    await audit(stage, teller, lease);
    teller.gap();
    teller.title('All of it went as told. How it is made: examples/bank/README.md.');
  } finally {
    await stage.stop();
  }
}

main().catch((error: unknown) => {
  const text = error instanceof StoryFault ? error.message : error instanceof Error ? error.stack : String(error);
  process.stderr.write(`\nThe story does not hold. ${text}\n`);
  process.exitCode = 1;
});
