/** Synthesizes an environment with a broker whose function is a line of code, and reads it all back. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { synthesizeUnchecked } from '@leasehold/constructs';
import type { Environment } from '../../lib/definitions/model';
import { writeConsoleFolder } from './console-folder';
import { definitions } from './environment';
import { inTemporaryFolder, type StackJson } from './synth';

/** A stack with what lies beside it. */
export interface BrokerStack {
  readonly text: string;
  readonly stack: StackJson;
  readonly archive: Uint8Array;
}

/** Code that stands for the broker's where a test is not about it. */
export const A_FUNCTION = 'exports.handler = async () => undefined;\n';

/** The stack of an environment with a broker. */
export function brokerStack(environment: Environment, code: string = A_FUNCTION): BrokerStack {
  return inTemporaryFolder((folder) => {
    const brokerCode = join(folder, 'code.js');
    writeFileSync(brokerCode, code);
    const consoleCode = writeConsoleFolder(join(folder, 'console'));
    const [written] = synthesizeUnchecked(definitions(environment), {
      outdir: join(folder, 'out'),
      brokerCode,
      consoleCode,
    });
    const directory = written?.directory ?? folder;
    const text = readFileSync(join(directory, 'cdk.tf.json'), 'utf8');
    return { text, stack: JSON.parse(text), archive: readFileSync(join(directory, 'broker.zip')) };
  });
}
