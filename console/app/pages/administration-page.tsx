import { Link } from '@tanstack/react-router';
import { useAdministrator } from '../administration/administrator.ts';
import { Page } from '../ui/page.tsx';

/** The pages for administrators. */
export function AdministrationPage() {
  const administrator = useAdministrator();
  return (
    <Page title="Administration" lead="For administrators. Everything that you change here is recorded and signed.">
      {administrator === undefined ? (
        <p className="empty">Only administrators see this.</p>
      ) : (
        <ul className="cards">
          <li>
            <article className="card">
              <h2>
                <Link to="/administration/principals">Principals</Link>
              </h2>
              <p>What the reviewer reads about each agent and person, their groups, and who changed them.</p>
            </article>
          </li>
          <li>
            <article className="card">
              <h2>
                <Link to="/administration/revocations">Revocations</Link>
              </h2>
              <p>End all leases of a role, of a requester, or of all roles; the roles that are blocked now.</p>
            </article>
          </li>
          <li>
            <article className="card">
              <h2>
                <Link to="/administration/budgets">Budgets</Link>
              </h2>
              <p>How many requests and denials each requester has left.</p>
            </article>
          </li>
          <li>
            <article className="card">
              <h2>
                <Link to="/administration/groups">Groups</Link>
              </h2>
              <p>
                Who is requester, approver or administrator, who is in which group, and which roles a group can request.
              </p>
            </article>
          </li>
          <li>
            <article className="card">
              <h2>
                <Link to="/people">People</Link>
              </h2>
              <p>Passkeys and one-time codes.</p>
            </article>
          </li>
        </ul>
      )}
    </Page>
  );
}
