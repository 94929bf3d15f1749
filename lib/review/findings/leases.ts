/** Checks the `leasehold` output of a stack: waivers, and the duration of leases. */
import { duration } from '../diff/other-changes';
import type { Place } from '../model';
import type { Severity } from '../review';
import { show, valueAt } from './attributes';
import { type Check, type FindingKind, finding } from './finding';
import { isMixed, MIXED_ACCESS, ownRole, rolesOf, waiversOf } from './manifest-roles';

const added: FindingKind = {
  id: 'waiver-added',
  title: 'A guardrail is waived',
  severities: ['medium'],
  why: 'A waiver turns off a rule that applies to all other roles.',
  hint: 'Accept the waiver if you agree with its reason and end date; otherwise fix the role so that it needs no waiver.',
};

const expired: FindingKind = {
  id: 'waiver-expired',
  title: 'A waiver has expired',
  severities: ['high'],
  why: 'The role violates a guardrail whose waiver is no longer valid.',
  hint: 'Fix the role, or renew the waiver with a later end date.',
};

const longer: FindingKind = {
  id: 'lease-longer',
  title: 'Leases of a role may last longer',
  severities: ['medium', 'high'],
  why: 'Leaked credentials can be used as long as the lease lasts.',
  hint: 'Restore the previous length of the lease. The maximum is one hour.',
};

/** Longest lease duration that the guardrail `lease-length` permits, in seconds. */
const HOUR = 3600;

export const leases: Check = {
  kinds: [added, expired, longer],
  *find({ access, today }) {
    const { before, after } = access.manifests;
    for (const [name, role] of rolesOf(after)) {
      const earlier = ownRole(before, name);
      const place: Place = { address: 'output.leasehold', attribute: `roles.${name}` };
      const known = waiversOf(earlier);
      for (const waiver of waiversOf(role)) {
        const { guardrail, because, until } = waiver;
        // The check `write-and-delete` reports changes of these entries.
        const isReported = guardrail === MIXED_ACCESS && isMixed(role);
        if (
          !isReported &&
          !known.some((other) => other.guardrail === guardrail && other.until === until && other.because === because)
        ) {
          yield finding(added, {
            place,
            message: `The role ${name} waives ${guardrail} until ${until}: ${because}`,
          });
        }
        if (until < today) {
          yield finding(expired, {
            place,
            message: `The waiver of ${guardrail} for the role ${name} ended on ${until}.`,
          });
        }
      }
      for (const [attribute, words] of LENGTHS) {
        const [was, is] = [valueAt(earlier, attribute), valueAt(role, attribute)];
        if (typeof was !== 'number' || was === is) continue;
        const known = typeof is === 'number';
        if (known && is <= was) continue;
        yield finding(longer, {
          place,
          severity: (known && is <= HOUR ? 'medium' : 'high') satisfies Severity,
          message: `Leases of the role ${name} now last ${words} ${known ? duration(is) : show(is)} instead of ${duration(was)}.`,
        });
      }
    }
  },
};

const LENGTHS = [
  ['lease.maxSeconds', 'up to'],
  ['lease.defaultSeconds', 'by default'],
] as const;
