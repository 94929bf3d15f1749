/** The one error of the policy engine: what is wrong, where, what was expected. */
import { defined } from '@leasehold/contract/defined';
import { LeaseholdError } from '@leasehold/contract/error';

/** Whose fault it is: the policy's author, or the caller's who asks the question. */
export type FaultSource = 'policy' | 'request';

/** Stable names of the faults. */
export type FaultCode =
  | 'invalid-json'
  | 'duplicate-key'
  | 'wrong-type'
  | 'empty-list'
  | 'unknown-element'
  | 'missing-element'
  | 'element-not-allowed'
  | 'conflicting-elements'
  | 'bad-version'
  | 'bad-effect'
  | 'bad-sid'
  | 'duplicate-sid'
  | 'bad-action'
  | 'bad-resource'
  | 'bad-principal'
  | 'bad-operator'
  | 'bad-condition-key'
  | 'bad-condition-value'
  | 'bad-variable'
  | 'bad-request'
  | 'policy-not-applicable';

/** A fault before it is placed and thrown. */
export interface Fault {
  readonly code: FaultCode;
  /** Keys and indexes from the document's root. */
  readonly path: readonly (string | number)[];
  readonly got: unknown;
  /** What would have been right, as a noun phrase. */
  readonly expected: string;
  /** Where AWS says so. */
  readonly rule?: string;
}

/**
 * A policy that AWS would refuse, or a request that makes no sense. Nothing else is thrown by this room: a malformed
 * policy is never a quiet no-match.
 */
export class PolicyError extends LeaseholdError<FaultCode> {
  override readonly name = 'PolicyError';
  readonly source: FaultSource;
  /** JSON pointer (RFC 6901) to the fault, for example `/Statement/0/Action`; empty for the document itself. */
  readonly path: string;
  /** The offending value as JSON, cut at 120 characters. */
  readonly got: string;
  readonly expected: string;
  /** The AWS page that states the rule, where there is one. */
  readonly rule: string | undefined;

  constructor(source: FaultSource, fault: Fault, options?: ErrorOptions) {
    const path = pointer(fault.path);
    const got = show(fault.got);
    const place = path === '' ? '/' : path;
    super(
      {
        code: fault.code,
        message: `${source} ${place}: got ${got}, expected ${fault.expected}`,
        hint: `Correct ${place} of the ${source}${fault.rule === undefined ? '' : `, as ${fault.rule} describes it`}.`,
      },
      options,
    );
    this.source = source;
    this.path = path;
    this.got = got;
    this.expected = fault.expected;
    this.rule = fault.rule;
  }

  override toJSON() {
    const { source, path, got, expected, rule } = this;
    return { ...super.toJSON(), source, path, got, expected, ...defined({ rule }) };
  }
}

/** Throws the fault as the policy author's. */
export function refuse(fault: Fault, options?: ErrorOptions): never {
  throw new PolicyError('policy', fault, options);
}

/** Throws the fault as the caller's. */
export function refuseRequest(fault: Fault): never {
  throw new PolicyError('request', fault);
}

/** A JSON pointer, RFC 6901. */
export function pointer(path: readonly (string | number)[]): string {
  return path.map((step) => `/${String(step).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');
}

const LONGEST = 120;

/** Any value in one short line; never fails, whatever the value. */
export function show(value: unknown): string {
  let text: string;
  try {
    text = JSON.stringify(value) ?? String(value);
  } catch {
    text = `a value that JSON cannot hold (${typeof value})`;
  }
  return text.length > LONGEST ? `${text.slice(0, LONGEST - 1)}…` : text;
}
