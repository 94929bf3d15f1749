/**
 * Determines whether a policy permits an identity to change one of its tags so that a statement that reads the tag
 * applies. Sources: https://docs.aws.amazon.com/IAM/latest/UserGuide/access_tags.html,
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-single-vs-multi-valued-context-keys.html
 *
 * IAM ignores the case of tag keys, but `StringEquals` and `StringLike` on `aws:TagKeys` do not. The caller chooses the
 * case.
 */
import {
  compileActionPattern,
  compileGlob,
  foldAscii,
  many,
  type OperatorForm,
  type PolicyDocument,
  readOperatorForm,
  type Statement,
  variablesIn,
} from '@leasehold/policy';
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
 * Whether the conditions of an allow statement permit the request. Conditions on keys other than the tags in the
 * request count as true.
 */
export function permitsTag({ Condition }: Statement, request: TagRequest): boolean {
  return conditionsIn(Condition).every(({ form, key, values }) => {
    if (key === TAG_KEYS) return permitsKey(form, values, request.tag);
    if (key === `${REQUEST_TAG}${request.tag}`) return permitsValue(form, values, request);
    return true;
  });
}

/** Whether a document denies the request, regardless of which other tags the request contains. */
export function refusesTag(document: PolicyDocument, request: TagRequest): boolean {
  return statementsOf(document).some(({ Effect, Action, Resource, Condition }) => {
    const conditions = conditionsIn(Condition);
    return (
      Effect === 'Deny' &&
      conditions.length > 0 &&
      conditions.every((condition) => refusedBy(condition, request)) &&
      many(Action).some((pattern) => compileActionPattern(pattern)(request.action)) &&
      many(Resource).includes('*')
    );
  });
}

interface ConditionOnKey {
  readonly form: OperatorForm;
  /** In lower case. */
  readonly key: string;
  readonly values: readonly string[];
}

const TAG_KEYS = 'aws:tagkeys';
const REQUEST_TAG = 'aws:requesttag/';
const PRINCIPAL_TAG = 'aws:principaltag/';

function conditionsIn(condition: Statement['Condition']): readonly ConditionOnKey[] {
  return Object.entries(condition ?? {}).flatMap(([operator, block]) =>
    Object.entries(block).map(([key, values]) => ({
      form: readOperatorForm(operator),
      key: key.toLowerCase(),
      values: many(values).map(String),
    })),
  );
}

/** Whether an operator compares strings in a way that can be evaluated for tag keys and values. */
function isOfTexts({ family }: OperatorForm): boolean {
  return /^String(Equals|EqualsIgnoreCase|Like)$/.test(family);
}

/** Whether a value of a condition matches a tag key in at least one combination of upper and lower case. */
function names({ family }: OperatorForm, value: string, tag: string): boolean {
  return family === 'StringLike' ? compileGlob(value.toLowerCase())(tag) : value.toLowerCase() === tag;
}

/** Whether a value of a condition matches a tag key in every combination of upper and lower case. */
function namesEverySpelling({ family }: OperatorForm, value: string, tag: string): boolean {
  if (family === 'StringEqualsIgnoreCase') return foldAscii(value) === foldAscii(tag);
  const matches = family === 'StringLike' ? compileGlob(value) : (text: string) => text === value;
  // A pattern that matches both spellings compares no letter.
  return matches(tag.toLowerCase()) && matches(tag.toUpperCase());
}

/** Whether a condition on the keys in the request permits a request that contains the tag. */
function permitsKey(form: OperatorForm, values: readonly string[], tag: string): boolean {
  if (form.family === 'Null') return values.some((value) => !isTrue(value));
  const isOfSets = form.qualifier !== undefined;
  if (isOfSets && form.negated && values.some((value) => isEveryText(form, value))) return false;
  // Without `ForAllValues`, a request may contain other tags in addition.
  if (form.qualifier !== 'ForAllValues' || !isOfTexts(form)) return true;
  if (form.negated) return !values.some((value) => namesEverySpelling(form, value, tag));
  return values.some((value) => hasVariable(value) || names(form, value, tag));
}

/** Whether a condition on the tag's new value permits a value for which the reader applies. */
function permitsValue(form: OperatorForm, values: readonly string[], request: TagRequest): boolean {
  const { family, qualifier, negated, ifExists } = form;
  // `Null` and the operators for sets treat the empty value as absent.
  const empty = isUseful(form, '', request);
  if (family === 'Null') {
    return values.some((value) => (isTrue(value) ? isRemoval(request) || empty : !isRemoval(request)));
  }
  // A request that removes a tag contains no value.
  if (isRemoval(request)) return qualifier === 'ForAllValues' || ifExists || (negated && qualifier === undefined);
  if (!isOfTexts(form)) return true;
  if (negated) return !values.some((value) => isEveryText(form, value)) || (qualifier === 'ForAllValues' && empty);
  if (qualifier === 'ForAllValues' && empty) return true;
  return values.some((value) => (value !== '' || qualifier === undefined) && isUseful(form, value, request));
}

/** Whether a condition of a deny statement is true for every useful request. */
function refusedBy({ form, key, values }: ConditionOnKey, request: TagRequest): boolean {
  if (key === TAG_KEYS) {
    if (form.family === 'Null') return values.some((value) => !isTrue(value));
    return (
      form.qualifier === 'ForAnyValue' &&
      isOfTexts(form) &&
      !form.negated &&
      values.some((value) => namesEverySpelling(form, value, request.tag))
    );
  }
  if (key !== `${REQUEST_TAG}${request.tag}`) return false;
  return isRemoval(request) ? refusesRemoval(form, values) : refusesValues(form, values, request);
}

/** Whether a condition on a tag's value is true for a request without this value. */
function refusesRemoval(form: OperatorForm, values: readonly string[]): boolean {
  const { family, qualifier, negated, ifExists } = form;
  if (family === 'Null') return values.some(isTrue);
  if (!isOfTexts(form) || qualifier === 'ForAnyValue') return false;
  return qualifier === 'ForAllValues' || ifExists || negated;
}

/** Whether a condition on a tag's value is true for every useful value. */
function refusesValues(form: OperatorForm, values: readonly string[], request: TagRequest): boolean {
  const { family, qualifier, negated } = form;
  const empty = isUseful(form, '', request);
  if (family === 'Null') return values.some((value) => !isTrue(value)) && (!empty || values.some(isTrue));
  if (!isOfTexts(form) || (qualifier === 'ForAnyValue' && empty)) return false;
  // The empty value is absent for `ForAllValues`, which is true then.
  const left = qualifier === 'ForAllValues' ? values.filter((value) => value !== '') : values;
  if (negated) return !left.some((value) => isUseful(form, value, request));
  return values.some((value) => isEveryText(form, value));
}

/** Whether a value of a condition matches every text. */
function isEveryText({ family }: OperatorForm, value: string): boolean {
  return family === 'StringLike' && /^\*+$/.test(value);
}

function isTrue(value: string): boolean {
  return value.toLowerCase() === 'true';
}

function isRemoval({ action }: TagRequest): boolean {
  return /^iam:Untag/i.test(action);
}

/** Whether setting the tag to a value can change what the reader permits. */
function isUseful(form: OperatorForm, value: string, { tag, reader }: TagRequest): boolean {
  // The tag then keeps its present value. An identity without the tag cannot set it.
  if (form.family !== 'StringEqualsIgnoreCase' && value.toLowerCase() === `\${${PRINCIPAL_TAG}${tag}}`) return false;
  const wanted = wantedValues(reader, tag);
  return wanted === undefined || wanted.values.some((each) => mayEqual(form, value, wanted.form, each));
}

/**
 * The values of a tag that a reader requires. `undefined` if any change of the tag may matter: the reader denies, or it
 * reads the tag in another way than by comparing it with fixed texts.
 */
function wantedValues(reader: Statement, tag: string): ConditionOnKey | undefined {
  const variables = variablesIn(JSON.stringify(reader));
  if (reader.Effect !== 'Allow' || variables.some((key) => key.toLowerCase() === `${PRINCIPAL_TAG}${tag}`))
    return undefined;
  const all = conditionsIn(reader.Condition).filter(({ key }) => key === `${PRINCIPAL_TAG}${tag}`);
  const [only, ...others] = all;
  if (only === undefined || others.length > 0) return undefined;
  const { form } = only;
  return isOfTexts(form) && !form.negated && form.qualifier === undefined && !form.ifExists ? only : undefined;
}

/** Whether a text can match two patterns of conditions. Uncertain patterns match. */
function mayEqual(one: OperatorForm, a: string, other: OperatorForm, b: string): boolean {
  if (hasVariable(a) || hasVariable(b)) return true;
  const [first, second] = [a.toLowerCase(), b.toLowerCase()];
  const [isPattern, isOtherPattern] = [isGlob(one, first), isGlob(other, second)];
  if (isPattern && isOtherPattern) return true;
  if (isPattern) return compileGlob(first)(second);
  return isOtherPattern ? compileGlob(second)(first) : first === second;
}

function isGlob({ family }: OperatorForm, value: string): boolean {
  return family === 'StringLike' && /[*?]/.test(value);
}

function hasVariable(value: string): boolean {
  return value.includes('${');
}
