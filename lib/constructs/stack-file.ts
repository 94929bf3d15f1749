import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { TerraformStack } from 'cdktf';

/**
 * Writes a file next to the stack's JSON each time the stack is synthesized, so that Terraform finds the file by its
 * name alone.
 *
 * A cdktf asset is not used, because an asset needs a path on disk, but the bytes are generated at synth.
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
