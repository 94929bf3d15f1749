/** The error class of the policy engine. An error contains the problem, its location and the expected value. */
import { defined } from '@leasehold/contract/defined';
import { LeaseholdError } from '@leasehold/contract/error';

/** Who caused the problem: the author of the policy, or the caller that sent the request. */
export type FaultSource = 'policy' | 'request';

/** Stable names of the errors. */
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

/** A problem in a policy or request that has not been thrown as an error yet. */
export interface Fault {
  readonly code: FaultCode;
  /** Keys and indexes from the root of the document. */
  readonly path: readonly (string | number)[];
  readonly got: unknown;
  /** The valid values, as a noun phrase. */
  readonly expected: string;
  /** The AWS page with the rule. */
  readonly rule?: string;
}

/**
 * A policy that AWS would reject, or an invalid request. The policy engine throws no other errors. It never silently
 * treats a malformed policy as a policy that does not match.
 */
export class PolicyError extends LeaseholdError<FaultCode> {
  override readonly name = 'PolicyError';
  readonly source: FaultSource;
  /**
   * JSON pointer (RFC 6901) to the location of the problem, for example `/Statement/0/Action`; empty for the document
   * itself.
   */
  readonly path: string;
  /** The invalid value as JSON, truncated to 120 characters. */
  readonly got: string;
  readonly expected: string;
  /** The AWS page that documents the rule, if such a page exists. */
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

/** Throws the problem as an error that the author of the policy caused. */
export function refuse(fault: Fault, options?: ErrorOptions): never {
  throw new PolicyError('policy', fault, options);
}

/** Throws the problem as an error that the caller caused. */
export function refuseRequest(fault: Fault): never {
  throw new PolicyError('request', fault);
}

/** A JSON pointer, RFC 6901. */
export function pointer(path: readonly (string | number)[]): string {
  return path.map((step) => `/${String(step).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');
}

const LONGEST = 120;

/** Formats any value as one short line. Does not throw. */
export function show(value: unknown): string {
  let text: string;
  try {
    text = JSON.stringify(value) ?? String(value);
  } catch {
    text = `a value that JSON cannot represent (${typeof value})`;
  }
  return text.length > LONGEST ? `${text.slice(0, LONGEST - 1)}…` : text;
}
