/** Ordinary answers of AWS reach the model unchanged, also if they mention passwords, tokens and secrets. */
import { SdkPackages } from '../../../lib/mcp/aws/sdk-package';
import { writeOutput } from '../../../lib/mcp/aws/write-output';
import cases from '../cases/ordinary-answers.json';

const packages = new SdkPackages([]);

it.each(cases.map(({ operation, answer }, index) => [index, operation, answer] as const))(
  '%d: %s',
  async (_, operation, answer) => {
    const [service = '', name = ''] = operation.split(':');
    const shape = packages.operation({ prefix: service, packages: [service] }, name).output;
    const { output, files, notes } = await writeOutput(shape, answer, {
      ...{ files: undefined, saveAs: undefined, fallbackName: () => '', longestText: 32 * 1024 },
      scrub: (text) => text,
    });
    expect({ output, files, notes }).toEqual({ output: answer, files: [], notes: [] });
  },
);
