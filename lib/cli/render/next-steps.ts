/** Renders the next steps after the stacks are written. */

import type { SynthesizedStack } from '@leasehold/constructs';
import { largest } from '@leasehold/contract/any-length';
import type { Definitions } from '@leasehold/definitions';
import type { Paint } from '../colour';
import { pad, shownPath } from './text';

/** The next steps, each as a command line with its purpose. */
export function renderNextSteps(
  definitions: Definitions,
  stacks: readonly SynthesizedStack[],
  cwd: string,
  paint: Paint,
): string {
  const [environment] = definitions.environments;
  const role = environment?.roles[0]?.name ?? 'ROLE';
  const steps = [
    [`npx leasehold can ${role}`, 'everything that a role can do'],
    ['npx leasehold graph', 'who can reach what, as a diagram'],
    [`npx leasehold skill --env ${environment?.name}`, "the agent's instructions"],
    [`npx cdktf diff ${stacks[0]?.name}`, 'what would change in AWS, by Terraform'],
    [`npx cdktf deploy ${stacks[0]?.name}`, 'change it'],
  ] as const;
  const widest = largest(steps.map(([line]) => line.length));
  return [
    ...stacks.map(({ name, directory }) => `${paint('bold', name)} is in ${shownPath(directory, cwd)}`),
    '',
    paint('bold', 'Next'),
    ...steps.map(([line, purpose]) => `  ${paint('cyan', pad(line, widest))}  ${purpose}`),
    '',
    'README.md describes how to change a role, and roles/README.md describes how to add a role.',
    '',
  ].join('\n');
}
