import { useState } from 'react';
import { SignedOut } from '../api/errors.ts';
import { useSession, useSessionState } from '../session/app-context.tsx';
import { ActionButton } from '../ui/action-button.tsx';
import { FaultNote } from '../ui/fault-note.tsx';
import { Page } from '../ui/page.tsx';

/** The page for people who are not signed in. */
export function SignInPage({ route }: { readonly route: string }) {
  const session = useSession();
  const state = useSessionState();
  const [leaving, setLeaving] = useState(false);
  const out = state.kind === 'signed-out' ? state : undefined;
  const hasFailed = out?.error !== undefined && !(out.error instanceof SignedOut);
  return (
    <Page title="Sign in" lead="Approve what agents may do in AWS, and see every lease with its signatures.">
      {hasFailed ? <FaultNote error={out?.error} /> : null}
      {out?.issuer === undefined ? null : (
        <div className="note" role="status">
          <p>You are signed out of the console.</p>
          {out.signOutPage === undefined ? null : (
            <p className="hint">
              Your session at <a href={out.signOutPage}>{out.issuer}</a> may still be open.
            </p>
          )}
        </div>
      )}
      <ActionButton
        className="button button-main"
        label="Sign in"
        working={leaving && !hasFailed}
        onPress={() => {
          setLeaving(true);
          void session.signIn(route).finally(() => setLeaving(false));
        }}
      />
      <p className="quiet">
        You sign in with the account of your organization. This page keeps tokens in its memory only.
      </p>
    </Page>
  );
}
