import { visible } from '@leasehold/contract/text';
import { Link, Outlet, useRouterState } from '@tanstack/react-router';
import { lazy, Suspense } from 'react';
import { Button } from 'react-aria-components';
import { SignInPage } from '../pages/sign-in-page.tsx';
import { useMe, useSession, useSessionState } from '../session/app-context.tsx';
import type { Me } from '../session/me.ts';
import { QueryView } from './query-view.tsx';

const SessionEnded = lazy(() => import('./session-ended.tsx').then((loaded) => ({ default: loaded.SessionEnded })));

/** The frame of every page. */
export function Shell() {
  const { kind } = useSessionState();
  const route = useRouterState({ select: ({ location }) => location.href });
  if (kind === 'starting') {
    return (
      <p className="page loading" role="status">
        Signing in…
      </p>
    );
  }
  if (kind === 'signed-out') {
    return (
      <>
        <header className="bar">
          <span className="brand">Leasehold</span>
        </header>
        <SignInPage route={route} />
      </>
    );
  }
  return (
    <>
      <SignedInFrame />
      {kind === 'ended' ? (
        <Suspense>
          <SessionEnded />
        </Suspense>
      ) : null}
    </>
  );
}

function SignedInFrame() {
  const me = useMe();
  return (
    <>
      {/* biome-ignore lint/a11y/useValidAnchor: a link within the page, whose fragment is already the route */}
      <a
        className="skip"
        href="#content"
        onClick={(event) => {
          // The fragment of the address is the route.
          event.preventDefault();
          document.getElementById('content')?.focus();
        }}
      >
        Skip to content
      </a>
      <header className="bar">
        <Link to="/" className="brand">
          Leasehold
        </Link>
        {me.data === undefined ? null : <Navigation me={me.data} />}
        <Person me={me.data} />
      </header>
      <div id="content" tabIndex={-1}>
        <QueryView query={me} reading="who you are">
          {() => <Outlet />}
        </QueryView>
      </div>
    </>
  );
}

function Navigation({ me }: { readonly me: Me }) {
  const { may } = me;
  const { assistant } = useSession();
  return (
    <nav aria-label="Pages">
      <Link to="/" activeOptions={{ exact: true }}>
        Home
      </Link>
      {assistant === undefined ? null : <Link to="/assistant">Assistant</Link>}
      {may.requester ? <Link to="/request">Request access</Link> : null}
      {may.approver ? <Link to="/approvals">Approvals</Link> : null}
      <Link to="/leases">Leases</Link>
      <Link to="/roles">Roles</Link>
      {may.approver || may.administrator ? <Link to="/activity">Activity</Link> : null}
      {may.approver || may.administrator ? <Link to="/passkeys">Passkeys</Link> : null}
      {may.administrator ? <Link to="/people">People</Link> : null}
      {may.administrator ? <Link to="/administration">Administration</Link> : null}
    </nav>
  );
}

function Person({ me }: { readonly me: Me | undefined }) {
  const session = useSession();
  return (
    <div className="person">
      {me?.person === undefined ? null : (
        <span>
          <bdi>{visible(me.person)}</bdi>
          {me.environment === undefined ? null : <span className="quiet"> {visible(me.environment)}</span>}
        </span>
      )}
      <Button className="button button-small" onPress={() => void session.signOut()}>
        Sign out
      </Button>
    </div>
  );
}
