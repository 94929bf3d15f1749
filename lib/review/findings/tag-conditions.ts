/**
 * Determines whether a policy permits an identity to change one of its tags so that a statement that reads the tag
 * applies. Sources: https://docs.aws.amazon.com/IAM/latest/UserGuide/access_tags.html,
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-single-vs-multi-valued-context-keys.html
 */
import { compileGlob, many, type PolicyDocument, type Statement } from '@leasehold/policy';
import { statementsOf } from '../diff/equal-values';

/** A request that changes a tag. */
export interface TagRequest {
  /** `iam:TagUser`, `iam:UntagUser`, `iam:TagRole` or `iam:UntagRole`. */
  readonly action: string;
  /** Key of the tag, in lower case. */
  readonly tag: string;
  /** The statement that reads the tag. */
  readonly reader: Statement;
}

/**
 * Whether the conditions of an allow statement permit the request. Conditions on anything but the tags in the request
 * count as true.
 */
export function permitsTag({ Condition }: Statement, request: TagRequest): boolean {
  return conditionsIn(Condition).every(({ operator, key, values }) => {
    if (key === TAG_KEYS) return permitsKey(operator, values, request.tag);
    if (key === `${REQUEST_TAG}${request.tag}`) return permitsValue(operator, values, request);
    return true;
  });
}

/** Whether a document denies the request, regardless of which other tags the request contains. */
export function refusesTag(document: PolicyDocument, request: TagRequest): boolean {
  return statementsOf(document).some(({ Effect, Action, Resource, Condition }) => {
    const [only, ...others] = conditionsIn(Condition);
    return (
      Effect === 'Deny' &&
      only !== undefined &&
      others.length === 0 &&
      refusedBy(only, request) &&
      many(Action).some((pattern) => compileGlob(pattern.toLowerCase())(request.action.toLowerCase())) &&
      many(Resource).includes('*')
    );
  });
}

interface ConditionOnKey {
  readonly operator: Operator;
  /** In lower case. */
  readonly key: string;
  readonly values: readonly string[];
}

interface Operator {
  readonly set?: 'all' | 'any';
  /** Name of the operator in lower case, without a prefix such as `ForAllValues:` and without `IfExists`. */
  readonly base: string;
  readonly ifExists: boolean;
}

const TAG_KEYS = 'aws:tagkeys';
const REQUEST_TAG = 'aws:requesttag/';
const PRINCIPAL_TAG = 'aws:principaltag/';

function conditionsIn(condition: Statement['Condition']): readonly ConditionOnKey[] {
  return Object.entries(condition ?? {}).flatMap(([operator, block]) =>
    Object.entries(block).map(([key, values]) => ({
      operator: readOperator(operator),
      key: key.toLowerCase(),
      values: many(values).map(String),
    })),
  );
}

function readOperator(text: string): Operator {
  const [, set, base = '', ifExists] = /^(?:For(All|Any)Values?:)?(.*?)(IfExists)?$/i.exec(text) ?? [];
  return {
    ...(set === undefined ? {} : { set: set.toLowerCase() === 'all' ? 'all' : 'any' }),
    base: base.toLowerCase(),
    ifExists: ifExists !== undefined,
  };
}

function isNegated({ base }: Operator): boolean {
  return base.startsWith('stringnot');
}

function isPositive({ base }: Operator): boolean {
  return /^string(equals|equalsignorecase|like)$/.test(base);
}

/**
 * Whether a value of a condition matches a tag key. Wildcards are supported only by `StringLike`. Tag keys are compared
 * without regard to case.
 */
function names({ base }: Operator, value: string, tag: string): boolean {
  return base.endsWith('like') ? compileGlob(value.toLowerCase())(tag) : value.toLowerCase() === tag;
}

/** Whether a condition on the keys in the request permits a request that contains the tag. */
function permitsKey(operator: Operator, values: readonly string[], tag: string): boolean {
  // Without `ForAllValues`, a request may contain other tags in addition.
  if (operator.set !== 'all') return true;
  const named = values.some((value) => names(operator, value, tag));
  if (isPositive(operator)) return named || values.some(hasVariable);
  return !isNegated(operator) || !named;
}

/** Whether a condition on the tag's new value permits a value for which the reader applies. */
function permitsValue(operator: Operator, values: readonly string[], request: TagRequest): boolean {
  const { base, ifExists } = operator;
  if (base === 'null') return values.every((value) => (value.toLowerCase() === 'true') === isRemoval(request));
  if (!isPositive(operator)) return true;
  // A request that removes a tag contains no value.
  if (isRemoval(request)) return ifExists;
  return values.some((value) => isUseful(operator, value, request));
}

function refusedBy({ operator, key, values }: ConditionOnKey, request: TagRequest): boolean {
  if (key === TAG_KEYS) {
    return (
      operator.set === 'any' && isPositive(operator) && values.some((value) => names(operator, value, request.tag))
    );
  }
  if (key !== `${REQUEST_TAG}${request.tag}`) return false;
  if (operator.base === 'null') return values.includes('false') && !isRemoval(request);
  if (!isNegated(operator)) return false;
  // A condition that negates is also true for a request that contains no value.
  return isRemoval(request) || !values.some((value) => isUseful(operator, value, request));
}

function isRemoval({ action }: TagRequest): boolean {
  return /^iam:Untag/i.test(action);
}

/** Whether setting the tag to a value can change what the reader permits. */
function isUseful(operator: Operator, value: string, { tag, reader }: TagRequest): boolean {
  // The tag then keeps its present value. An identity without the tag cannot set it.
  if (value.toLowerCase() === `\${${PRINCIPAL_TAG}${tag}}`) return false;
  const wanted = wantedValues(reader, tag);
  return wanted === undefined || wanted.values.some((each) => mayEqual(operator, value, wanted.operator, each));
}

/**
 * The values of a tag that a reader requires. `undefined` if any change of the tag may matter: the reader denies, or it
 * reads the tag in another way than by comparing it with fixed texts.
 */
function wantedValues(reader: Statement, tag: string): ConditionOnKey | undefined {
  if (reader.Effect !== 'Allow' || JSON.stringify(reader).toLowerCase().includes(`\${${PRINCIPAL_TAG}${tag}`))
    return undefined;
  const all = conditionsIn(reader.Condition).filter(({ key }) => key === `${PRINCIPAL_TAG}${tag}`);
  const [only, ...others] = all;
  if (only === undefined || others.length > 0) return undefined;
  const { operator } = only;
  return isPositive(operator) && operator.set === undefined && !operator.ifExists ? only : undefined;
}

/** Whether a text can match two patterns of conditions. Uncertain patterns match. */
function mayEqual(one: Operator, a: string, other: Operator, b: string): boolean {
  if (hasVariable(a) || hasVariable(b)) return true;
  const [first, second] = [a.toLowerCase(), b.toLowerCase()];
  const [isPattern, isOtherPattern] = [isGlob(one, first), isGlob(other, second)];
  if (isPattern && isOtherPattern) return true;
  if (isPattern) return compileGlob(first)(second);
  return isOtherPattern ? compileGlob(second)(first) : first === second;
}

function isGlob({ base }: Operator, value: string): boolean {
  return base.endsWith('like') && /[*?]/.test(value);
}

function hasVariable(value: string): boolean {
  return value.includes('${');
}
