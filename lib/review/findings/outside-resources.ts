/**
 * Finds resources that newly use, or newly send data to, a resource outside the plan's accounts.
 */
import { bucketArns } from '../estate/own-buckets';
import type { OutsideName, Place } from '../model';
import type { Severity } from '../review';
import { accountInWords } from './account-in-words';
import { show } from './attributes';
import { type Check, type FindingKind, finding, listOf, type ReviewContext } from './finding';
import { newProviderFindings } from './new-providers';

const kind: FindingKind = {
  id: 'outside-resource',
  title: 'A resource sends to, or uses, something outside the accounts of the plan',
  severities: ['medium', 'high', 'low'],
  why: 'The owner of the account, bucket or address receives the data that is sent there, or decides what the resource reads or runs.',
  hint: 'Make sure that the account, the bucket or the address belongs to you, or name a resource in your own account.',
};

export const outsideResources: Check = {
  kinds: [kind],
  *find(context) {
    const groups = new Map<string, { readonly first: Outside; readonly names: Set<string> }>();
    for (const outside of (context.access.outsideNames ?? []).flatMap((name) => judge(name, context))) {
      const key = groupOf(outside);
      const group = groups.get(key) ?? { first: outside, names: new Set() };
      group.names.add(outside.name);
      groups.set(key, group);
    }
    for (const { first, names } of groups.values()) {
      const { place, severity, what, whose } = first;
      yield finding(kind, { place, severity, message: `${place.address} ${what} ${listOf([...names], 3)}, ${whose}.` });
    }
    yield* newProviderFindings(kind, context);
  },
};

interface Outside {
  readonly place: Place;
  readonly severity: Severity;
  readonly what: 'now sends to' | 'now uses';
  readonly name: string;
  readonly whose: string;
}

/** The key by which names are grouped. All names with the same owner in one resource are reported in one finding. */
function groupOf({ place, what, whose }: Outside): string {
  return JSON.stringify([place.address, what, whose]);
}

function judge({ place, what, value, account, sends }: OutsideName, context: ReviewContext): readonly Outside[] {
  const outside = (severity: Severity, name: string, whose: string): readonly Outside[] => [
    { place, severity, name, whose, what: sends ? 'now sends to' : 'now uses' },
  ];
  const { accounts, ownResources } = context;
  switch (what) {
    case 'account':
      if (account === undefined || accounts.has(account)) return [];
      return outside(sends && accounts.size > 0 ? 'high' : 'medium', show(value), accountInWords(account, context));
    case 'bucket':
      if (bucketArns(value).some((arn) => ownResources.has(arn))) return [];
      if (account !== undefined && accounts.has(account)) return [];
      return outside('medium', `the bucket ${value}`, ofUnknownOwner(account, context));
    case 'endpoint':
      return outside('medium', show(value), ofUnknownOwner(undefined, context));
    case 'address':
      return outside('medium', show(value), 'outside AWS');
    case 'person':
      return outside('low', show(value), 'outside AWS');
    case 'input':
      return outside('low', `the target ${show(value)}`, 'which is known only when the state machine runs');
    case 'computed':
      return outside('medium', `the target ${show(value)}`, 'which the state machine computes when it runs');
    case 'unread':
      if (account === undefined)
        return outside(
          'low',
          'a value that is known only after apply',
          'and refers to no resource of your own providers',
        );
      return accounts.has(account)
        ? []
        : outside('medium', 'a resource that the plan creates', accountInWords(account, context));
  }
}

function ofUnknownOwner(account: string | undefined, context: ReviewContext): string {
  return account === undefined ? 'and the plan does not show whose it is' : accountInWords(account, context);
}
