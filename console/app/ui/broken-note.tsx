import { count, visible } from '@leasehold/contract/text';
import { Link } from '@tanstack/react-router';

/** A note about leases whose record the broker cannot trust. */
export function BrokenNote({ ids }: { readonly ids: readonly string[] }) {
  if (ids.length === 0) return null;
  return (
    <div className="note note-bad" role="alert">
      <p>
        <strong>{count(ids.length, 'lease')} with a broken record:</strong>
      </p>
      <ul>
        {ids.map((id) => (
          <li key={id}>
            <Link to="/leases/$lease" params={{ lease: id }}>
              {visible(id)}
            </Link>
          </li>
        ))}
      </ul>
      <p className="hint">Report this error to an administrator. Do not approve anything until its cause is known.</p>
    </div>
  );
}
