/** Principals for administrators. */
import type { PrincipalView } from '@leasehold/runtime/broker';
import type { Paint } from '../colour';
import { renderFacts } from './facts';
import { moment } from './moment';
import { renderTable } from './table';
import { count, exact } from './text';

/** A row each; the policy is only counted. */
export function renderPrincipals(all: readonly PrincipalView[], paint: Paint, columns?: number): string {
  return renderTable(
    [
      { title: 'name', keep: true, hue: () => 'bold' },
      { title: 'kind' },
      { title: 'groups' },
      { title: 'policy' },
      { title: 'version', align: 'right' },
      { title: 'changed' },
    ],
    all.map((each) =>
      [
        each.name,
        each.kind,
        each.groups.join(', '),
        each.policy === '' ? 'none' : count(each.policy.length, 'character'),
        String(each.version),
        changed(each),
      ].map(exact),
    ),
    { paint, columns },
  );
}

/** One of them, with the whole policy. */
export function renderPrincipal(principal: PrincipalView, paint: Paint, columns?: number): string {
  const { name, kind, groups, policy, version } = principal;
  const facts = renderFacts(
    [
      { label: 'Groups', lines: [groups.length === 0 ? 'none' : exact(groups.join(', '))] },
      { label: 'Version', lines: [`${version}, ${exact(changed(principal))}`] },
      { label: 'Policy', lines: policy === '' ? ['none'] : policy.split(/\r?\n/).map(exact) },
    ],
    paint,
    columns,
  );
  return `${paint('bold', exact(name))}, ${kind}\n\n${facts}`;
}

function changed({ changedBy, changedAt }: PrincipalView): string {
  if (changedBy === undefined) return 'as defined';
  return `by ${changedBy}${changedAt === undefined ? '' : `, ${moment(changedAt)}`}`;
}
