import { escapeHidden } from '@leasehold/contract/text';
import { differenceOf } from '../administration/difference.ts';

/**
 * What a change removes from a text and adds to it. Screen readers are told the kind of each part, and readers who
 * cannot distinguish colours recognize it by the underline. Invisible characters are shown as escapes; line breaks are
 * kept.
 */
export function TextDifference({ before, after }: { readonly before: string; readonly after: string }) {
  if (before === after) return <p className="quiet">The text does not change.</p>;
  return (
    <div className="difference" dir="ltr">
      {keyed(differenceOf(before, after)).map(({ key, kind, text }) => {
        const shown = multiline(text);
        if (kind === 'kept') return <span key={key}>{shown}</span>;
        return kind === 'removed' ? (
          <del key={key}>
            <span className="only-read">[removed: </span>
            {shown}
            <span className="only-read">]</span>
          </del>
        ) : (
          <ins key={key}>
            <span className="only-read">[added: </span>
            {shown}
            <span className="only-read">]</span>
          </ins>
        );
      })}
    </div>
  );
}

/** Text of several lines, with every other invisible character as an escape. */
export function multiline(text: string): string {
  return text.split('\n').map(escapeHidden).join('\n');
}

function keyed<T extends object>(parts: readonly T[]): readonly (T & { readonly key: number })[] {
  return parts.map((part, index) => ({ ...part, key: index }));
}
