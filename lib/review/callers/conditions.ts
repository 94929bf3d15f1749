/** The conditions of statements as a flat list. */
import { many, type PolicyDocument, readOperatorForm, type Statement } from '@leasehold/policy';
import { statementsOf } from '../diff/equal-values';

/** One value that a condition compares with a key. */
export interface Written {
  /**
   * The operator without its set prefix, negation and `IfExists`: for example `StringLike` for
   * `ForAnyValue:StringNotLikeIfExists`.
   */
  readonly family: string;
  /** Whether the operator has a set prefix (`ForAllValues:` or `ForAnyValue:`). */
  readonly set: boolean;
  /** In lower case. */
  readonly key: string;
  readonly value: string;
}

/** Every value in every condition of a document, in allow statements and deny statements. */
export function writtenIn(document: PolicyDocument): readonly Written[] {
  return statementsOf(document).flatMap(conditionsOf);
}

/** Every value in every condition of a statement. */
export function conditionsOf({ Condition }: Statement): readonly Written[] {
  return Object.entries(Condition ?? {}).flatMap(([operator, keys]) => {
    const { family, qualifier } = readOperatorForm(operator);
    return Object.entries(keys).flatMap(([key, values]) =>
      many(values).map((value) => ({
        family,
        set: qualifier !== undefined,
        key: key.toLowerCase(),
        value: String(value),
      })),
    );
  });
}

/** Whether the operator treats `*` and `?` in a value as wildcards. */
export function isPattern({ family, value }: Written): boolean {
  return /Like$|^Arn/.test(family) && /[*?]/.test(value);
}
