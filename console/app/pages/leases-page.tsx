import { count } from '@leasehold/contract/text';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { FilterForm } from '../leases/filter-form.tsx';
import { useLeaseSearch } from '../leases/search-queries.ts';
import { useVisibleRoles } from '../roles/role-queries.ts';
import { useKnownMe } from '../session/app-context.tsx';
import { BrokenNote } from '../ui/broken-note.tsx';
import { LeaseCards } from '../ui/lease-cards.tsx';
import { Page } from '../ui/page.tsx';
import { QueryView } from '../ui/query-view.tsx';

/**
 * Leases by role, requester, state and time: all leases for approvers and administrators, and only their own leases for
 * other people.
 */
export function LeasesPage() {
  const { may } = useKnownMe();
  const filters = useSearch({ from: '/leases' });
  const navigate = useNavigate();
  const found = useLeaseSearch(filters);
  const roles = useVisibleRoles();
  const seesAll = may.approver || may.administrator;
  const own = found.data?.leases.flatMap(({ grant }) => (grant === undefined ? [] : [grant.role])) ?? [];
  return (
    <Page
      title="Leases"
      lead={`${seesAll ? 'Leases of everybody.' : 'Your leases.'} Open one to see its record, verified in your browser.`}
    >
      <FilterForm
        filters={filters}
        roles={seesAll ? (roles.data ?? []).map(({ name }) => name) : [...new Set(own)].sort()}
        hasRequester={seesAll}
        onFilters={(search) => void navigate({ to: '/leases', search, replace: true })}
      />
      <QueryView query={found} reading="the leases">
        {({ leases, broken, more }) => (
          <section aria-labelledby="found">
            <h2 id="found">Found</h2>
            <BrokenNote ids={broken} />
            <p role="status" className="quiet">
              {count(leases.length, 'lease')}
              {more ? '. There are older ones, which were not read: choose a role or a shorter time.' : ''}
            </p>
            {leases.length > 0 ? <LeaseCards leases={leases} /> : <p className="empty">No lease matches.</p>}
          </section>
        )}
      </QueryView>
    </Page>
  );
}
