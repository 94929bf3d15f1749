import { Button } from 'react-aria-components';

/**
 * A button for an action that takes a moment. During the action, it keeps the focus, shows that the action is running,
 * and ignores further presses.
 */
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
  /** If `submit` is set, the form itself must ignore further submissions. */
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
