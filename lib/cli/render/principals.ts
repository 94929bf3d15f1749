/** Shows principals to an administrator. */
import { moment, visible } from '@leasehold/contract/text';
import type { PrincipalView } from '@leasehold/runtime/broker';
import type { Paint } from '../colour';
import { renderFacts } from './facts';
import { renderTable } from './table';
import { count } from './text';

/** Renders one row for each principal. Only the length of the principal's policy is shown. */
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
      ].map(visible),
    ),
    { paint, columns },
  );
}

/** Renders one principal with its complete policy. */
export function renderPrincipal(principal: PrincipalView, paint: Paint, columns?: number): string {
  const { name, kind, groups, policy, version } = principal;
  const facts = renderFacts(
    [
      { label: 'Groups', lines: [groups.length === 0 ? 'none' : visible(groups.join(', '))] },
      { label: 'Version', lines: [`${version}, ${visible(changed(principal))}`] },
      { label: 'Policy', lines: policy === '' ? ['none'] : policy.split(/\r?\n/).map(visible) },
    ],
    paint,
    columns,
  );
  return `${paint('bold', visible(name))}, ${kind}\n\n${facts}`;
}

function changed({ changedBy, changedAt }: PrincipalView): string {
  if (changedBy === undefined) return 'as defined';
  return `by ${changedBy}${changedAt === undefined ? '' : `, ${moment(changedAt)}`}`;
}
