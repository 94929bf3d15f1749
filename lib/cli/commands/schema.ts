/** `leasehold schema`: prints the JSON Schema of the definitions. */

import { jsonSchemaText } from '@leasehold/definitions';
import type { Command } from 'commander';
import { EXIT } from '../exit';
import { explainHelp } from '../help';
import type { Shell } from '../shell';

export function schema(command: Command, shell: Shell): void {
  command
    .description('Prints the JSON Schema of the definitions, which editors use for completion and hover texts.')
    .action(
      shell.ends(async () => {
        shell.host.out(jsonSchemaText());
        return EXIT.fine;
      }),
    );
  explainHelp(command, {
    examples: [['leasehold schema > leasehold.schema.json', 'write it to a file']],
    exits: { 0: 'the schema is on stdout' },
  });
}
