import { useState } from 'react';
import { Button } from 'react-aria-components';

/** A command, and a button that copies it. */
export function CommandToCopy({ command }: { readonly command: string }) {
  const [told, setTold] = useState('');
  const copy = () =>
    navigator.clipboard.writeText(command).then(
      () => setTold('Copied.'),
      () => setTold('The browser does not permit copying. Select the text instead.'),
    );
  return (
    <div className="exact">
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable with the keyboard */}
      <pre tabIndex={0}>{command}</pre>
      <div className="actions">
        <Button className="button" onPress={() => void copy()}>
          Copy command
        </Button>
        <span role="status" className="quiet">
          {told}
        </span>
      </div>
    </div>
  );
}
