/** `request_lease`: requests a lease, and returns as soon as the request is pending. */
import { defined } from '@leasehold/contract/defined';
import * as z from 'zod';
import { Refusal } from '../error';
import type { LeaseAsked, LeaseDesk } from '../lease/desk';
import type { HeldLease } from '../lease/held-lease';
import { viewOf } from './lease-view';
import { leaseView } from './schemas';
import type { CallContext, Tool } from './tool';

const text = (longest: number) => z.string().min(1).max(longest);

const input = z.strictObject({
  role: text(100).optional().describe('A role from list_roles. To specify an intent instead, omit the role.'),
  parameters: z
    .record(text(100), z.string().max(256))
    .optional()
    .describe('A value for each parameter of the role. Take the values from the task; never guess a value.'),
  reason: text(1000)
    .optional()
    .describe(
      'One concrete sentence that states what will be done, to which resource, and who asked for the task. People read this sentence, so it must contain no secrets.',
    ),
  duration: z.int().min(1).max(43_200).optional().describe("Seconds. Default: the role's own."),
  narrow: z
    .strictObject({
      actions: z.array(text(200)).max(100).optional(),
      resources: z.array(text(2048)).max(100).optional(),
    })
    .optional()
    .describe(
      'A subset of the permissions of the role: full action names, and ARNs. If the gate is broker, only actions are accepted.',
    ),
  gate: z.enum(['mfa', 'broker']).optional().describe('Only for a role with both gates.'),
  intent: text(1000)
    .optional()
    .describe(
      'Use this field instead of a role. State in one sentence what is to be done. The broker chooses the role and its parameters.',
    ),
});

/** Maximum number of milliseconds to wait until the request is pending. Usually this takes much less time. */
const LONGEST_START = 25_000;

export interface RequestTools {
  readonly desk: LeaseDesk;
  readonly approveWith: string;
  /** Invites the client's user to the approval page, if the client supports URL elicitation. */
  readonly invite: (held: HeldLease, context: CallContext) => void;
}

export function requestLease({ desk, approveWith, invite }: RequestTools): Tool<typeof input, typeof leaseView> {
  return {
    name: 'request_lease',
    title: 'Request a lease of an AWS role',
    description:
      'Asks people for a lease of one role, for one task and one reason, for minutes. Returns at once with the id of the ' +
      'lease, which is `pending` until they answer: then call lease_status. Repeating the same request asks nobody again. ' +
      'A denial is final. Never ask the user for a code, and never pass on a code.',
    input,
    output: leaseView,
    annotations: { readOnlyHint: false, destructiveHint: false, idempotentHint: true, openWorldHint: true },
    run: async (given, context) => {
      const held = desk.request(askedOf(given));
      await Promise.race([held.known, delay(LONGEST_START)]);
      if (held.id === undefined && held.problem === undefined) {
        throw new Refusal(
          'busy',
          'the request is still being sent',
          'Call request_lease again with the same arguments.',
          true,
        );
      }
      if (held.pending !== undefined) invite(held, context);
      return viewOf(held, approveWith);
    },
  };
}

function askedOf({ role, intent, reason, parameters, duration, narrow, gate }: z.output<typeof input>): LeaseAsked {
  if (intent !== undefined) {
    const others = Object.keys(defined({ role, reason, parameters, duration, narrow, gate }));
    if (others.length === 0) return { intent };
    throw new Refusal(
      'invalid-input',
      `an intent comes without ${others.join(', ')}`,
      'Specify a role and a reason, or only an intent.',
    );
  }
  if (role === undefined || reason === undefined) {
    throw new Refusal('invalid-input', 'the role or the reason is missing', 'Give both, or an intent alone.');
  }
  return {
    role,
    reason,
    ...defined({ parameters, duration, gate, narrow: narrow && defined(narrow) }),
  };
}

function delay(milliseconds: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, milliseconds).unref();
  });
}
