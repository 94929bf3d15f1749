import { visible } from '@leasehold/contract/text';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { Button } from 'react-aria-components';
import { FaultNote } from './fault-note.tsx';
import { ReasonForm } from './reason-form.tsx';

/**
 * A button that asks for a reason, and then removes a passkey.
 * @param action The label of the button that confirms.
 * @param named The passkey, in words for screen readers.
 * @param remove Removes the passkey. The person must sign.
 */
export function PasskeyRemoval({
  action,
  named,
  remove,
  onRemoved,
}: {
  readonly action: string;
  readonly named: string;
  readonly remove: (because: string) => Promise<void>;
  readonly onRemoved: () => Promise<void>;
}) {
  const [asks, setAsks] = useState(false);
  const removal = useMutation({ mutationFn: remove, onSuccess: onRemoved });
  return (
    <>
      {removal.error === null ? null : <FaultNote error={removal.error} />}
      {asks ? (
        <ReasonForm
          action={action}
          description="The removal is recorded. A removed passkey cannot be registered again."
          pending={removal.isPending}
          onReason={(because) => removal.mutate(because)}
          onCancel={() => setAsks(false)}
        />
      ) : (
        <Button className="button button-small" onPress={() => setAsks(true)} aria-label={`Remove ${visible(named)}…`}>
          Remove…
        </Button>
      )}
    </>
  );
}
