/** All tools of the assistant. */
import type { PersonKind } from '../core/person';
import type { BankTool } from './bank-tool';
import { customerTools } from './customer-tools';
import { staffTools } from './staff-tools';

export const bankTools: readonly BankTool[] = [...customerTools, ...staffTools];

/** The tools that are offered to the model in a conversation with somebody. The broker decides about each call anyway. */
export function toolsFor(kind: PersonKind): readonly BankTool[] {
  return bankTools.filter(({ kinds }) => kinds.includes(kind));
}
