import type { FoldedLease } from '@leasehold/broker/core';
import { useMutation } from '@tanstack/react-query';
import { useBroker, useKnownMe } from '../session/app-context.tsx';
import { readingAs } from '../session/me.ts';
import { ActionButton } from '../ui/action-button.tsx';
import { FaultNote } from '../ui/fault-note.tsx';
import { trailLink } from './trail-link.ts';

/** What an auditor does with a record: export it, and look up the calls of the lease. */
export function RecordTools({ lease }: { readonly lease: FoldedLease }) {
  const broker = useBroker();
  const as = readingAs(useKnownMe());
  const { id } = lease;
  const exporting = useMutation({
    mutationFn: async () => {
      const { exportLease } = await import('./export-lease.ts');
      download(`${id}.json`, await exportLease(broker, as, id));
    },
  });
  // Nothing that happens on this machine is in CloudTrail.
  const trail = isLocal() ? undefined : trailLink(lease);
  return (
    <section aria-labelledby="tools">
      <h2 id="tools">For auditors</h2>
      <div className="actions">
        <ActionButton
          className="button"
          label="Export record"
          working={exporting.isPending}
          onPress={() => exporting.mutate()}
        />
        {trail === undefined ? null : (
          <a className="button" href={trail.href} target="_blank" rel="noreferrer noopener">
            Calls in CloudTrail
          </a>
        )}
      </div>
      {exporting.error === null ? null : <FaultNote error={exporting.error} />}
      <p className="quiet" role="status">
        {exporting.isSuccess ? (
          'The record was verified and exported. It contains no credentials.'
        ) : (
          <>
            The export is the file that <code>leasehold audit --verify</code> reads. It contains no credentials.
          </>
        )}
      </p>
      {trail === undefined ? null : (
        <p className="quiet">
          The link opens the AWS console in{' '}
          {trail.region ?? 'the region that it last showed; change it there if necessary'}. Event history shows the last
          90 days.
        </p>
      )}
    </section>
  );
}

function isLocal(): boolean {
  return ['localhost', '127.0.0.1', '[::1]'].includes(location.hostname);
}

function download(name: string, text: string): void {
  const address = URL.createObjectURL(new Blob([text], { type: 'application/json' }));
  const link = document.createElement('a');
  link.href = address;
  link.download = name;
  link.click();
  URL.revokeObjectURL(address);
}
