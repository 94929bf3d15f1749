/** The only error for unreadable plans: what is wrong, where in the JSON, and how to fix it. */
import { defined } from '@leasehold/contract/defined';
import { LeaseholdError } from '@leasehold/contract/error';

/** Stable names of what can be wrong with a plan. */
export type PlanErrorCode =
  /** The input is empty or contains only white space. */
  | 'empty'
  /** The text ends before the JSON is complete. */
  | 'truncated'
  | 'invalid-json'
  /** Text that is neither UTF-8 nor UTF-16 with a byte order mark. */
  | 'invalid-text'
  /** A key appears twice in one object: two parsers could read different plans. */
  | 'duplicate-key'
  /** Nested deeper than any real plan. */
  | 'too-deep'
  /** A binary plan instead of its JSON. */
  | 'binary-plan'
  /** The log of `terraform plan -json`. */
  | 'plan-log'
  /** A state file, or a state shown by `terraform show -json`. */
  | 'state'
  /** JSON of some other kind. */
  | 'not-a-plan'
  | 'unsupported-format'
  /** Terraform could not finish planning. */
  | 'errored-plan'
  /** A part does not match the plan format. */
  | 'wrong-shape'
  /** Neither terraform nor tofu is installed. */
  | 'no-program'
  /** terraform or tofu could not show the plan. */
  | 'program-failed';

/** The input of a {@link PlanError}. */
export interface PlanFault {
  readonly code: PlanErrorCode;
  /** What is wrong: one sentence that names the value. */
  readonly message: string;
  /** How to fix it: one imperative sentence. */
  readonly hint: string;
  /** JSON pointer (RFC 6901) into the plan, for example `/resource_changes/3/change`; empty for the entire plan. */
  readonly path?: string;
  /** Byte offset in the text, counted from 0, if known. */
  readonly offset?: number;
}

/** A plan that cannot be read. It never counts as a pass, because there is no review. */
export class PlanError extends LeaseholdError<PlanErrorCode> {
  override readonly name = 'PlanError';
  readonly path: string;
  readonly offset: number | undefined;

  constructor(fault: PlanFault, options?: ErrorOptions) {
    const { code, message, hint } = fault;
    super({ code, message: `${where(fault)}${message}`, hint }, options);
    this.path = fault.path ?? '';
    this.offset = fault.offset;
  }

  override toJSON() {
    const { path, offset } = this;
    return { ...super.toJSON(), path, ...defined({ offset }) };
  }
}

function where({ path = '', offset }: PlanFault): string {
  const places = [...(path === '' ? [] : [path]), ...(offset === undefined ? [] : [`byte ${offset}`])];
  return places.length === 0 ? '' : `${places.join(', ')}: `;
}

/** A value in one short line. */
export function brief(value: unknown, longest = 80): string {
  const text = JSON.stringify(value) ?? String(value);
  return text.length > longest ? `${text.slice(0, longest - 1)}…` : text;
}
