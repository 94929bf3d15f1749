/** Reports parts of the plan that could not be read, and parts that are missing. None of these parts counts as safe. */
import { defined } from '@leasehold/contract/defined';
import type { IdentityDiff } from '../diff/identity-diff';
import type { Unreadable } from '../diff/side';
import { type PlacedPolicy, type ResourcePolicy, unreadIn } from '../model';
import type { Severity } from '../review';
import {
  type Change,
  type Check,
  type FindingKind,
  finding,
  listOf,
  nameOf,
  placeOf,
  type ReviewContext,
} from './finding';
import { MENTIONS_HINT, mentionsOf } from './mentions';

const unknownPolicy: FindingKind = {
  id: 'unknown-policy',
  title: 'A policy cannot be read from the plan',
  severities: ['high', 'medium', 'low'],
  why: 'A policy that the review cannot read may grant anything, so it counts as wider than before.',
  hint: 'Build the document from values that are known at plan time, or replace the AWS-managed policy with a document of your own.',
};

const unread: FindingKind = {
  id: 'unread',
  title: 'Something that affects access cannot be read',
  severities: ['high'],
  why: 'A resource that the review cannot read may grant anything.',
  hint: 'Write the resource in a supported form, or review it by hand and state the result in the pull request.',
};

const nothing: FindingKind = {
  id: 'nothing-read',
  title: 'There are no policies where there should be some',
  severities: ['critical', 'high'],
  why: 'If the plan contains nothing to check, the review proves nothing about access.',
  hint: 'Make sure that the plan was made without `-target`, covers the entire configuration, and is not truncated.',
};

export const unreadable: Check = {
  kinds: [unknownPolicy, unread, nothing],
  *find(context) {
    const { access, diffs, resourcePolicies, leasehold } = context;
    for (const { place, why } of access.unread) {
      yield finding(unread, {
        place,
        message: `${place.address === '' ? 'Something in the plan' : place.address} bears on access and cannot be read: ${why}.`,
      });
    }
    for (const diff of diffs) {
      for (const unknown of diff.unknown) yield report(diff, unknown, context);
      const { before, after } = diff;
      const trust = after?.trust;
      const whyTrust = unreadIn(trust?.document);
      if (trust !== undefined && whyTrust !== undefined && before?.trust?.document !== trust.document) {
        yield finding(unknownPolicy, {
          place: trust.place,
          identity: diff.key,
          message: `The trust policy of the ${nameOf(diff)} cannot be read${inPart(trust)}: ${whyTrust}${mentionsOf(trust, context)}.`,
          ...hintFor(trust),
        });
      }
      // The plan shows no trust policy for a permission set, or for a role if the plan only attaches something to the
      // role.
      if (after?.kind === 'role' && trust === undefined && /(^|\.)aws_iam_role\./.test(after.place?.address ?? '')) {
        yield finding(nothing, {
          place: placeOf(diff, 'assume_role_policy'),
          identity: diff.key,
          severity: 'high',
          message: `The ${nameOf(diff)} has no trust policy in the plan.`,
        });
      }
    }
    for (const { policy, identity, whose } of afterwards(diffs, resourcePolicies)) {
      if (policy.document.kind === 'unknown') continue;
      const at = { place: policy.place, ...defined({ identity }) };
      const { assumes, omits } = policy.document;
      if (assumes !== undefined)
        yield finding(unknownPolicy, {
          ...at,
          severity: 'medium',
          message: `The statements of a policy of ${whose} are known, but some of their values are known only after apply. The review assumes that these values identify ${assumes}.`,
        });
      if (omits !== undefined)
        yield finding(unknownPolicy, {
          ...at,
          severity: 'low',
          message: `A policy of ${whose} contains a deny that cannot be read. The review therefore ignores this deny: ${omits}.`,
        });
    }
    for (const { before, after } of resourcePolicies) {
      const why = unreadIn(after?.policy.document);
      if (after === undefined || why === undefined) continue;
      if (before !== undefined && unreadIn(before.policy.document) === why) {
        if (before.policy.place.address === after.policy.place.address) continue;
      }
      yield finding(unknownPolicy, {
        place: after.policy.place,
        message: `The policy of ${after.resource.kind === 'known' ? after.resource.value : after.key} cannot be read${inPart(after.policy)}: ${why}${mentionsOf(after.policy, context)}.`,
        ...hintFor(after.policy),
      });
    }
    yield* missing();

    function* missing() {
      const { identities } = access.after;
      const gone = access.manifests.after === undefined && access.manifests.before !== undefined;
      if (leasehold && !gone && ![...identities.values()].some(({ kind }) => kind === 'role')) {
        yield finding(nothing, {
          place: { address: 'output.leasehold' },
          message: `Leasehold generated this configuration, but none of the ${access.resources} resources in the plan is a role.`,
        });
        return;
      }
      const managed = [...identities.values()].filter(({ place }) => place !== undefined);
      const documents = managed.flatMap(({ policies, trust }) => [
        ...policies,
        ...(trust === undefined ? [] : [trust]),
      ]);
      if (managed.length === 0 || documents.length > 0) return;
      // Users and groups without policies are common. Unchanged ones are not reported.
      if (diffs.length === 0) return;
      yield finding(nothing, {
        place: managed[0]?.place ?? { address: '' },
        severity: 'high',
        message: `No policy was found of ${listOf(managed.map(({ kind, name }) => `${kind} ${name}`))}.`,
      });
    }
  },
};

interface Owned {
  readonly policy: PlacedPolicy;
  readonly identity?: string;
  readonly whose: string;
}

/** The policies, trust policies and boundaries after the plan, each with its owner in words. */
function afterwards(
  diffs: readonly IdentityDiff[],
  resourcePolicies: readonly Change<ResourcePolicy>[],
): readonly Owned[] {
  return [
    ...diffs.flatMap((diff) =>
      [...(diff.after?.policies ?? []), diff.after?.trust, diff.after?.boundary].flatMap((policy) =>
        policy === undefined ? [] : [{ policy, identity: diff.key, whose: `the ${nameOf(diff)}` }],
      ),
    ),
    ...resourcePolicies.flatMap(({ after }) =>
      after === undefined
        ? []
        : [{ policy: after.policy, whose: after.resource.kind === 'known' ? after.resource.value : after.key }],
    ),
  ];
}

function report(diff: IdentityDiff, { policy, place, why }: Unreadable, context: ReviewContext) {
  const label = policy.arn ?? policy.name ?? place.address;
  const boundary = diff.after?.boundary === policy;
  if (policy.group !== undefined) {
    return finding(unknownPolicy, {
      place,
      identity: diff.key,
      message: `The ${nameOf(diff)} joins the group ${policy.group}, which this plan does not manage, so the policies of the group cannot be read.`,
    });
  }
  return finding(unknownPolicy, {
    place,
    identity: diff.key,
    severity: severityOf(diff, boundary),
    message: `${boundary ? 'The boundary' : 'A policy'} of the ${nameOf(diff)}, ${label}, cannot be read${inPart(policy)}: ${why}${mentionsOf(policy, context)}.`,
    ...hintFor(policy),
  });
}

function hintFor({ document }: PlacedPolicy): { readonly hint?: string } {
  return document.kind === 'unknown' && document.mentions !== undefined ? { hint: MENTIONS_HINT } : {};
}

/** A clause that tells whether the rest of a policy could be read. */
function inPart({ document }: PlacedPolicy): string {
  return document.kind === 'known' ? ' in part' : '';
}

/** An unreadable boundary counts as no limit. A new identity without a boundary has no limit either. */
function severityOf({ state }: IdentityDiff, boundary: boolean): Severity {
  return boundary && state === 'new' ? 'low' : 'high';
}
