import { Button } from 'react-aria-components';
import { explain } from '../api/explain.ts';

/** An error in words, with the next step. */
export function FaultNote({ error, retry }: { readonly error: unknown; readonly retry?: (() => void) | undefined }) {
  const { title, detail, hint, code } = explain(error);
  return (
    <div className="note note-bad" role="alert">
      <p>
        <strong>{title}.</strong> {detail}
      </p>
      <p className="hint">{hint}</p>
      {code === undefined ? null : <p className="quiet">Code: {code}</p>}
      {retry === undefined ? null : (
        <Button className="button" onPress={retry}>
          Try again
        </Button>
      )}
    </div>
  );
}
