import { Button, Dialog, Heading, Modal, ModalOverlay } from 'react-aria-components';
import { useSession, useSessionState } from '../session/app-context.tsx';
import { FaultNote } from './fault-note.tsx';

/**
 * Asks the person to sign in again when the token has expired. The page below stays as it is, including everything that
 * was typed.
 */
export function SessionEnded() {
  const session = useSession();
  const state = useSessionState();
  return (
    <ModalOverlay className="overlay" isOpen={state.kind === 'ended'}>
      <Modal className="modal">
        <Dialog role="alertdialog" className="dialog">
          <Heading slot="title">Your session has ended</Heading>
          <p>Sign in again in another window. Nothing that you typed here is lost.</p>
          {state.kind === 'ended' && state.error !== undefined ? <FaultNote error={state.error} /> : null}
          <div className="actions">
            <Button className="button button-main" autoFocus onPress={() => void session.signInAgain()}>
              Sign in again
            </Button>
            <Button className="button" onPress={() => void session.signOut()}>
              Sign out
            </Button>
          </div>
        </Dialog>
      </Modal>
    </ModalOverlay>
  );
}
