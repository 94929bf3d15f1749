/** Parses Slack's interaction payloads. Source: https://docs.slack.dev/reference/interaction-payloads */
import { APPROVE, CODE, DENY } from './blocks';

/** A user's interaction in Slack. `key` identifies the request; the channel sent it with the button or form. */
export type Interaction =
  | {
      readonly kind: 'open-form';
      readonly user: string;
      readonly key: string;
      readonly trigger: string;
      readonly channel: string;
    }
  | { readonly kind: 'deny'; readonly user: string; readonly key: string; readonly channel: string }
  | { readonly kind: 'submit'; readonly user: string; readonly key: string; readonly code: unknown };

/**
 * Parses a payload. Returns `undefined`, without a reason, if the payload does not belong to this channel: the
 * payload may contain a code.
 */
export function readInteraction(body: unknown): Interaction | undefined {
  const user = text(body, 'user', 'id');
  if (user === undefined) return undefined;
  if (text(body, 'type') === 'view_submission' && text(body, 'view', 'callback_id') === CODE) {
    const key = text(body, 'view', 'private_metadata');
    const code = field(body, 'view', 'state', 'values', CODE, CODE, 'value');
    return key === undefined ? undefined : { kind: 'submit', user, key, code };
  }
  if (text(body, 'type') !== 'block_actions') return undefined;
  const key = text(body, 'actions', '0', 'value');
  const channel = text(body, 'channel', 'id') ?? text(body, 'container', 'channel_id');
  if (key === undefined || channel === undefined) return undefined;
  const action = text(body, 'actions', '0', 'action_id');
  if (action === DENY) return { kind: 'deny', user, key, channel };
  const trigger = text(body, 'trigger_id');
  return action === APPROVE && trigger !== undefined ? { kind: 'open-form', user, key, trigger, channel } : undefined;
}

function text(value: unknown, ...path: readonly string[]): string | undefined {
  const found = field(value, ...path);
  return typeof found === 'string' ? found : undefined;
}

function field(value: unknown, ...path: readonly string[]): unknown {
  return path.reduce<unknown>(
    (at, name) =>
      typeof at === 'object' && at !== null && Object.hasOwn(at, name)
        ? (at as Record<string, unknown>)[name]
        : undefined,
    value,
  );
}
