/** Reads what the assistant sends. */
import { type AssistantEvent, assistantEvent, LONGEST_SERVER_FRAME } from '@leasehold/contract/assistant';
import { strictJson } from '@leasehold/contract/strict-json';

/** The event in a frame. Undefined if the frame does not follow the contract. */
export function eventIn(data: unknown): AssistantEvent | undefined {
  if (typeof data !== 'string' || new TextEncoder().encode(data).length > LONGEST_SERVER_FRAME) return undefined;
  try {
    return assistantEvent.safeParse(strictJson(data)).data;
  } catch {
    return undefined;
  }
}
