import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { TerraformStack } from 'cdktf';

/**
 * Writes a file beside a stack's JSON whenever the stack is written, where Terraform finds it by its name alone.
 *
 * cdktf's own assets are copied from a path on disk; these bytes are made at synth and have none.
 */
export function writeStackFile(stack: TerraformStack, name: string, bytes: Uint8Array): void {
  const { synthesizer } = stack;
  stack.synthesizer = {
    synthesize(session) {
      synthesizer.synthesize(session);
      const { workingDirectory } = session.manifest.forStack(stack);
      writeFileSync(join(session.outdir, workingDirectory, name), bytes);
    },
  };
}
