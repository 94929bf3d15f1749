/** The one error of reading a plan: what is wrong, where in the JSON, how to fix it. */
import { defined } from '@leasehold/contract/defined';
import { LeaseholdError } from '@leasehold/contract/error';

/** Stable names of what can be wrong with a plan. */
export type PlanErrorCode =
  /** Nothing there, or only white space. */
  | 'empty'
  /** The text stops before the JSON does. */
  | 'truncated'
  | 'invalid-json'
  /** Text that is neither UTF-8 nor UTF-16 with a byte order mark. */
  | 'invalid-text'
  /** A key that stands twice in one object: two readers could see two plans. */
  | 'duplicate-key'
  /** Nested deeper than any plan is. */
  | 'too-deep'
  /** A binary plan where its JSON was expected. */
  | 'binary-plan'
  /** The log of `terraform plan -json`. */
  | 'plan-log'
  /** A state, as a file or as `terraform show -json` shows it. */
  | 'state'
  /** JSON of some other kind. */
  | 'not-a-plan'
  | 'unsupported-format'
  /** Terraform could not finish planning. */
  | 'errored-plan'
  /** Something has not the shape that the plan format gives it. */
  | 'wrong-shape'
  /** Neither terraform nor tofu is installed. */
  | 'no-program'
  /** terraform or tofu could not show the plan. */
  | 'program-failed';

/** What a {@link PlanError} is made from. */
export interface PlanFault {
  readonly code: PlanErrorCode;
  /** What is wrong: one sentence that names the value. */
  readonly message: string;
  /** How to fix it: one imperative sentence. */
  readonly hint: string;
  /** JSON pointer (RFC 6901) into the plan, for example `/resource_changes/3/change`; empty for the whole. */
  readonly path?: string;
  /** Byte of the text, from 0, where it can be told. */
  readonly offset?: number;
}

/** A plan that cannot be read. Never a pass: whoever catches it has no review to show. */
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
