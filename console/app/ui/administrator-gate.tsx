import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { type Administrator, useAdministrator } from '../administration/administrator.ts';
import { Page } from './page.tsx';

/** A page for administrators, and what it shows to everybody else. */
export function AdministratorPage({
  title,
  id,
  lead,
  children,
}: {
  readonly title: string;
  readonly id?: string;
  readonly lead: ReactNode;
  readonly children: (administrator: Administrator) => ReactNode;
}) {
  const administrator = useAdministrator();
  return (
    <Page title={title} {...(id === undefined ? {} : { id })} lead={lead}>
      {administrator === undefined ? (
        <p className="empty">Only administrators see this.</p>
      ) : (
        <>
          <p>
            <Link to="/administration">All pages of the administration</Link>
          </p>
          {children(administrator)}
        </>
      )}
    </Page>
  );
}
