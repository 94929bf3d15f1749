/** The parts of the name of a condition operator. */

/**
 * For example, the parts of `ForAllValues:StringNotLikeIfExists` are `ForAllValues`, `StringNotLike` and `StringLike`.
 */
export interface OperatorForm {
  readonly qualifier: 'ForAllValues' | 'ForAnyValue' | undefined;
  /** The operator without qualifier and `IfExists`. */
  readonly bare: string;
  /** The operator without its negation, for example `StringEquals` for `StringNotEquals`. */
  readonly family: string;
  readonly negated: boolean;
  readonly ifExists: boolean;
}

/** Splits the name of an operator. Names are case-sensitive. */
export function readOperatorForm(operator: string): OperatorForm {
  const [, qualifier, bare = '', ifExists] = /^(?:(ForAllValues|ForAnyValue):)?(.+?)(IfExists)?$/s.exec(operator) ?? [];
  return {
    qualifier: qualifier === 'ForAllValues' || qualifier === 'ForAnyValue' ? qualifier : undefined,
    bare,
    family: bare.replace('Not', ''),
    negated: bare.includes('Not'),
    ifExists: ifExists !== undefined,
  };
}
