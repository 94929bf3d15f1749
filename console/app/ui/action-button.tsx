import { Button } from 'react-aria-components';

/** A button for work that takes a moment. While it works it keeps the focus, says so, and ignores further presses. */
export function ActionButton({
  label,
  working,
  className,
  type = 'button',
  onPress,
}: {
  readonly label: string;
  readonly working: boolean;
  readonly className: string;
  /** For `submit`, the form itself ignores further submissions. */
  readonly type?: 'button' | 'submit';
  readonly onPress?: () => void;
}) {
  return (
    <Button
      className={working ? `${className} button-working` : className}
      type={working ? 'button' : type}
      aria-disabled={working}
      onPress={() => {
        if (!working) onPress?.();
      }}
    >
      {working ? `${label}: working…` : label}
    </Button>
  );
}
