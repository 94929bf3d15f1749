import type { UntrustedText } from '@leasehold/broker/core';
import { hidesSomething, visible } from '@leasehold/contract/text';

/**
 * Text that an attacker may have written. It is shown as plain text in a marked frame; characters that a reader would
 * not see, or that change the direction of the text, are shown as escapes.
 */
export function UntrustedNote({ label, text, by = 'agent' }: UntrustedText) {
  return (
    <figure className="untrusted">
      <figcaption>
        {label}, in the {by}’s words. <span className="quiet">Nobody has verified this text.</span>
      </figcaption>
      <blockquote>
        <bdi dir="ltr">{visible(text)}</bdi>
      </blockquote>
      {hidesSomething(text) ? (
        <p className="warn">This text contains invisible characters. They are shown as escapes.</p>
      ) : null}
    </figure>
  );
}
