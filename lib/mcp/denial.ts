/**
 * Explains why AWS denied a call. The policy engine evaluates the lease's permissions, which are the permissions that
 * the approver saw.
 */
import {
  compileActionPattern,
  evaluate,
  explain,
  type PolicyDocument,
  prepare,
  type StatementNote,
} from '@leasehold/policy';
import type { Manifest, Permission } from '@leasehold/runtime';
import { Refusal } from './error';
import type { HeldLease } from './lease/held-lease';
import { type PermissionView, permissionView } from './roles';

/** The action and resource that AWS denied. */
export interface Denial {
  /** For example `s3:PutObject`. */
  readonly action: string;
  /** The ARN, or `*` for an action without resources; undefined if AWS did not name the resource. */
  readonly resource: string | undefined;
}

/** Explains why the lease does not permit a request, and what the lease permits instead. */
export interface DenialExplanation {
  readonly action: string;
  readonly resource?: string;
  /**
   * Whether the lease's own permissions allow the request. If true, another policy in the account denied the request.
   * Absent if this is unknown, for example because AWS did not name the resource.
   */
  readonly permitted?: boolean;
  /**
   * Sentences that state the verdict and, for each statement that includes the action, which part does not match the
   * request.
   */
  readonly reasons: readonly string[];
  /** The statements of the lease that are closest to the request. */
  readonly nearest: readonly PermissionView[];
  readonly retry: false;
}

/** Error codes that AWS services return when they deny a call. */
const DENIALS =
  /^(?:AccessDenied\w*|UnauthorizedOperation|AuthorizationError\w*|NotAuthorized\w*|Forbidden\w*|UnauthorizedAccess\w*)$/;

/**
 * Services that also return such a code to their own users for a wrong password or token. Denials by IAM have the code
 * `AccessDeniedException` in these services. Source:
 * https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/CommonErrors.html
 */
const OF_USERS = /^cognito-/;
const TO_USERS = /^(?:NotAuthorized|Forbidden|UnauthorizedAccess)/;

/** Reads the denial from an AWS error; undefined for any other error. */
export function denialOf(
  code: string,
  message: string,
  status: number | undefined,
  { prefix, operation }: { readonly prefix: string; readonly operation: string },
): Denial | undefined {
  const named =
    /is not authorized to perform: ([A-Za-z0-9-]+:[A-Za-z0-9_-]+)(?: on resource: "?(arn:[^\s"]+|\*)"?)?/.exec(message);
  const isOfUser = OF_USERS.test(prefix) && TO_USERS.test(code);
  if ((!DENIALS.test(code) || isOfUser) && named === null && !(status === 403 && UNKNOWN.test(code))) return undefined;
  return { action: named?.[1] ?? `${prefix}:${operation}`, resource: named?.[2] };
}

/** Error names that are used if the response has no body, for example the response to a HEAD request. */
const UNKNOWN = /^(?:403|Unknown\w*|Error)$/;

/** @throws Refusal for a lease that was never issued, or for an invalid action or resource */
export function explainDenial(
  held: HeldLease,
  denial: Denial,
  manifest: Manifest,
  region = manifest.region,
): DenialExplanation {
  const { grant } = held;
  if (grant === undefined) throw held.notIssued();
  const allowing = grant.permissions.filter(({ effect }) => effect === 'Allow');
  const nearest = nearestOf(allowing, denial.action).map(permissionView);
  if (denial.resource === undefined) {
    return {
      action: denial.action,
      reasons: [`AWS denied ${denial.action}, and its error message does not name the resource.`],
      nearest,
      retry: false,
    };
  }
  const verdict = verdictOf(held, grant.permissions, denial.action, denial.resource, manifest, region);
  const { sentence, statements } = explain(verdict);
  const telling = statements.filter(({ effect, matched }) => (effect === 'Deny' ? matched : !matched));
  const isUnknown = verdict.outcome !== 'explicitly denied' && statements.some(dependsOnUnknown);
  const facts = { action: denial.action, resource: denial.resource };
  if (!isUnknown && verdict.outcome === 'allowed') {
    return { ...facts, permitted: true, reasons: [ANOTHER_POLICY], nearest, retry: false };
  }
  return {
    ...facts,
    ...(isUnknown ? {} : { permitted: false }),
    reasons: [
      isUnknown ? UNKNOWN_CONDITIONS : `${sentence} The identity policies are the permissions of the lease.`,
      ...telling.map((note) => note.sentence),
    ],
    nearest,
    retry: false,
  };
}

const ANOTHER_POLICY =
  'The permissions of the lease allow the request. Another policy denied the request: the policy of the resource, the policy of the KMS key of the resource, or a policy of the organization.';
const UNKNOWN_CONDITIONS =
  'Leasehold cannot determine whether the permissions of the lease allow the request, because the permissions depend on conditions whose values in the request are not known.';

/**
 * True if a statement did not match because the value of a condition key is not known here; only AWS knows the value.
 */
function dependsOnUnknown({ matched, mismatch }: StatementNote): boolean {
  return !matched && mismatch?.element === 'Condition' && (mismatch.got === undefined || mismatch.unsure === true);
}

function verdictOf(
  held: HeldLease,
  permissions: readonly Permission[],
  action: string,
  resource: string,
  manifest: Manifest,
  region: string,
) {
  const role = manifest.roles[held.grant?.role ?? ''];
  if (role === undefined) throw held.notIssued();
  const document: PolicyDocument = {
    Version: '2012-10-17',
    Statement: permissions.map(({ effect, actions, resources, conditions }) => ({
      Effect: effect,
      Action: [...actions],
      Resource: [...resources],
      ...(Object.keys(conditions).length === 0 ? {} : { Condition: conditions as never }),
    })),
  };
  try {
    return evaluate(
      {
        action,
        resource,
        principal: { kind: 'session', roleArn: role.arn, sessionName: held.id ?? 'lease' },
        context: {
          'aws:RequestedRegion': region,
          'aws:SecureTransport': 'true',
          'aws:MultiFactorAuthPresent': 'false',
        },
      },
      prepare({ identity: [document] }),
    );
  } catch {
    throw new Refusal(
      'invalid-input',
      'the action or the resource is none',
      'Specify one action, such as s3:PutObject, and either the ARN of one resource or *.',
    );
  }
}

/**
 * The statements that include the action. If no statement includes the action, returns the statements for the action's
 * service; if there are no such statements, returns all statements.
 */
function nearestOf(allowing: readonly Permission[], action: string): readonly Permission[] {
  const service = `${(action.split(':')[0] ?? '').toLowerCase()}:`;
  const forAction = allowing.filter(({ actions }) => actions.some((pattern) => compileActionPattern(pattern)(action)));
  if (forAction.length > 0) return forAction;
  const forService = allowing.filter(({ actions }) =>
    actions.some((pattern) => pattern.toLowerCase().startsWith(service)),
  );
  return forService.length > 0 ? forService : allowing;
}
