/**
 * The checklist before production. A program ticks the boxes that contain ids of verifications; a person must tick the
 * other boxes.
 */
import type { Diagnosis } from './examine';
import { machineVerifications, verifications } from './list';

/** A section of the checklist. Each box is one sentence in Markdown, with ids of verifications in backticks. */
export interface ChecklistSection {
  readonly title: string;
  readonly boxes: readonly string[];
}

/** The checklist, in the order in which a person goes through it. */
export const checklist: readonly ChecklistSection[] = [
  {
    title: 'Definitions',
    boxes: [
      '`leasehold validate` reports no error, and somebody has read every waiver that it lists.',
      'Somebody who does not write the roles reviewed the plan with [`leasehold review`](plan-review.md).',
      'The agent has no access to the pipeline that applies the stack, including the repository, the runner and the Terraform state of the pipeline.',
      '[`leasehold conformance`](conformance.md) was run in a test account with the deployed version of Leasehold, and no assumption on which the definitions depend is violated.',
    ],
  },
  {
    title: "The agent's identity",
    boxes: [
      "The agent's user or role exists (`agent-exists`), with exactly the deployed policies (`agent-policies`), boundary (`agent-boundary`) and tags (`agent-tags`).",
      "The agent's user is in no group (`agent-groups`).",
      "The agent's user has no password (`agent-password`), one active key (`agent-second-key`) that is not old (`agent-key-age`), and no other credential (`agent-other-credentials`).",
      "The agent's key was used only to request leases (`agent-key-use`).",
      "The agent's key is stored only in the secret store of the agent: not in a repository, an image, a chat or a shell history.",
      'No other role in the account permits the agent to assume it (`agent-reach`).',
    ],
  },
  {
    title: 'Approvers',
    boxes: [
      "Every approver has enrolled an MFA device (`mfa-missing`), and the agent's user has no other device (`mfa-unknown`).",
      'No agent enrolled, changed or removed an MFA device (`mfa-enrolled-by-agent`).',
      'No approver keeps the seed of an MFA device on a machine where the agent runs.',
      'At least two approvers can be reached during the hours in which the agent works.',
    ],
  },
  {
    title: 'Roles',
    boxes: [
      'Every role exists (`role-exists`), with exactly the deployed policies (`role-policies`), boundary (`role-boundary`) and trust policy (`role-trust`). Its AWS-managed policies have the pinned text (`managed-text`).',
      'Sessions of the roles last an hour at most (`role-session-length`), and the roles have no additional tags (`role-tags`).',
      'No resource policy grants access to a role of the stack, to a session of one, or to everybody (`resource-grants`).',
      'The database users of roles that run SQL have exactly the rights that the definitions state.',
    ],
  },
  {
    title: 'Account',
    boxes: [
      "The doctor's calls go to endpoints of AWS (`aws-endpoints`), and its clock agrees with AWS (`doctor-clock`).",
      'The organization denies nothing that a lease needs (`organization-lease`).',
      'The region is enabled (`region-enabled`), and its STS endpoint is active (`sts-endpoint`).',
      'The quotas of the account are large enough for the stack (`quotas`).',
      'A multi-region trail records all management events (`trail`), and its bucket keeps all files (`trail-bucket`). It is even better if the bucket belongs to another account.',
      'The alert topics exist (`alert-topics`), their rules are enabled (`alert-rules`), and somebody is subscribed (`alert-subscriptions`).',
      'Somebody knows what to do when an alert arrives at night.',
      'No alarm is firing (`alarms`).',
      'IAM Access Analyzer is enabled (`access-analyzer`).',
    ],
  },
  {
    title: 'Broker',
    boxes: [
      "The function runs the deployed code (`broker-code`) with the deployed settings (`broker-function`), only the API and the schedule call it (`broker-callers`, `broker-entrances`), and no other function runs with the function's role (`broker-role-elsewhere`).",
      'Every route of the API requires authorization, except those of the console (`broker-routes`), the stage serves these routes (`broker-deployment`), and the stage has its access log and its limits (`broker-stage`).',
      'The user pool has the deployed settings (`broker-sign-in`).',
      'Somebody has reviewed the users of the user pool and their groups.',
      'The tables are protected (`broker-tables`, `broker-table-policies`).',
      'Only the function can use the key of the records (`broker-record-key`), and the newest records are valid (`lease-records`).',
      'The secret of the reviewer has a value (`broker-secret`), and the reviewer answers (`broker-reviewer`).',
      "The function's schedule runs, its work succeeds, and its clock agrees with AWS (`broker-clock`).",
      'No requester has used up its budgets (`broker-budgets`).',
      'All passkeys belong to people of the definitions, and their enrolment is signed (`passkey-records`).',
      "Outcomes are published on the event bus (`broker-outcomes`), and the broker's schedule and rules are enabled (`broker-rules`).",
      'All revocation tags belong to leases (`revocation-tags`), and the revocation policy contains only denies that the broker wrote (`revocation-policy`).',
      'Somebody has revoked a lease once to test that revocation works.',
      'CloudTrail records Lambda data events for the broker function ([who could be the broker](threat-model.md#who-could-be-the-broker)).',
    ],
  },
  {
    title: "The agent's machine",
    boxes: [
      'The agent can read no other credentials on its machine (`here-environment`, `here-profiles`, `here-endpoints`).',
      "Only their owner can use Leasehold's sockets and token files (`here-sockets`).",
      'The clock agrees with AWS (`here-clock`), and no variable redirects calls (`here-endpoint-variables`).',
      'The versions of the AWS SDKs (`here-sdks`) and of Node (`here-node`) are supported.',
      'The agent runs as a separate operating system user. This user cannot switch to another user.',
    ],
  },
];

/** Sections that apply only to environments with a broker. */
const OF_BROKER = 'Broker';

/** The state of a box after a diagnosis. */
export interface CheckedBox {
  readonly section: string;
  readonly text: string;
  /**
   * `done`: all verifications of the box are ok. `open`: at least one verification is not ok. `asked`: a person must
   * decide, because the box has no verifications or because its verifications must run on another machine.
   */
  readonly state: 'done' | 'open' | 'asked';
}

/**
 * The boxes that apply to the diagnosed environment or machine, in order. A box is omitted if its verifications do not
 * apply.
 */
export function checkedBoxes({ verified }: Pick<Diagnosis, 'verified'>): readonly CheckedBox[] {
  const results = new Map(verified.map(({ id, result }) => [id, result]));
  const withBroker = results.has('broker-function');
  return checklist
    .filter(({ title }) => withBroker || title !== OF_BROKER)
    .flatMap(({ title, boxes }) =>
      boxes.flatMap((text): readonly CheckedBox[] => {
        const ids = verificationsIn(text);
        if (ids.length === 0 || ids.every((id) => ELSEWHERE.has(id) && !results.has(id))) {
          return [{ section: title, text, state: 'asked' }];
        }
        const own = ids.flatMap((id) => results.get(id) ?? []);
        if (own.length === 0) return [];
        return [{ section: title, text, state: own.every((result) => result === 'ok') ? 'done' : 'open' }];
      }),
    );
}

/** Verifications that run on the agent's machine. */
const ELSEWHERE: ReadonlySet<string> = new Set(machineVerifications.map(({ id }) => id));

/** The ids of the verifications in the text of a box. */
export function verificationsIn(text: string): readonly string[] {
  const known = new Set(verifications.map(({ id }) => id));
  return [...text.matchAll(/`([a-z]+(?:-[a-z]+)*)`/g)].map(([, id = '']) => id).filter((id) => known.has(id));
}

/**
 * The checklist as Markdown.
 * @param isTicked whether a box is ticked
 */
export function checklistMarkdown(
  boxes: readonly { readonly section: string; readonly text: string }[],
  isTicked: (text: string) => boolean,
): string {
  const sections = [...new Set(boxes.map(({ section }) => section))];
  return sections
    .map((section) => {
      const own = boxes.filter((each) => each.section === section);
      return [`## ${section}`, '', ...own.map(({ text }) => `- [${isTicked(text) ? 'x' : ' '}] ${text}`)].join('\n');
    })
    .join('\n\n');
}
