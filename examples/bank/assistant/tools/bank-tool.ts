/** What a tool of the assistant is: what the model sees, the lease that it needs, and what is done with the lease. */

import type { LeaseView } from '@leasehold/contract';
import { lineOf } from '@leasehold/contract/text';
import * as z from 'zod';
import type { PersonKind } from '../core/person';

/** A row, with plain values. */
export type Row = Readonly<Record<string, string>>;

/** The calls of DynamoDB that tools make, with the credentials of one lease. */
export interface LeasedTables {
  /** The rows of one partition, the newest first. @param begin of the sort key */
  query(
    table: string,
    key: Row,
    begin?: { readonly attribute: string; readonly value: string },
  ): Promise<readonly Row[]>;
  get(table: string, key: Row): Promise<readonly Row[]>;
  /** Adds a row. @throws for a row that exists already */
  add(table: string, row: Row, key: readonly string[]): Promise<void>;
}

/** A request of a lease, made of values that code chose. */
export interface LeaseOrder {
  /**
   * Who asks the broker. `assistant`: the agent, on behalf of the person (`subjectToken`), for roles that are bound to
   * the person. `person`: the person, with their own sign-in, so that their groups and their policy decide.
   */
  readonly as: 'assistant' | 'person';
  readonly role: string;
  /** Free parameters only. Bound parameters come from the token, and the broker refuses them in a request. */
  readonly parameters: Readonly<Record<string, string>>;
  /** The actions that are needed, if fewer than the role has. */
  readonly actions?: readonly string[];
  /** What will be done, for approvers. The approval covers it. */
  readonly command?: string;
}

/** The scope of a lease, as the broker bound it. */
export type Scope = NonNullable<LeaseView['grant']>['parameters'];

/** A tool. `Input` is what the model may choose. */
export interface BankTool<Input extends z.ZodObject = z.ZodObject> {
  readonly name: string;
  readonly description: string;
  readonly kinds: readonly PersonKind[];
  readonly input: Input;
  /** One line for the chat. */
  readonly summary: (input: z.output<Input>) => string;
  readonly order: (input: z.output<Input>) => LeaseOrder;
  /** @param scope Parameters of the lease: keys come from here wherever the lease is bound to a person. */
  readonly work: (tables: LeasedTables, scope: Scope, input: z.output<Input>) => Promise<readonly Row[]>;
}

/** Infers the type of the input, and forgets it: a list of tools has one type. */
export function bankTool<Input extends z.ZodObject>(tool: BankTool<Input>): BankTool {
  return tool as unknown as BankTool;
}

/** Why a lease is needed. It is a part of every input: the broker's reviewer reads it, and CloudTrail shows it. */
export const reason = z
  .string()
  .regex(lineOf(10, 300))
  .describe('What the person wants to know or do, in one line of 10 to 300 characters, without personal data.');
