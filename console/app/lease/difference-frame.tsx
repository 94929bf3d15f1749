import type { ReactNode } from 'react';

/**
 * The frame of the comparison with the last grant. It is closed at first and has the same height before and after the
 * comparison is read, so that the buttons below it do not move under the pointer of an approver.
 */
export function DifferenceFrame({ words, children }: { readonly words: string; readonly children?: ReactNode }) {
  return (
    <details className="exact difference">
      <summary>
        Compared with the last grant of this role: <strong role="status">{words}</strong>
      </summary>
      {children}
    </details>
  );
}
