/**
 * The element `Condition`. All operators and all keys of a block must match.
 * Sources: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition.html,
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-single-vs-multi-valued-context-keys.html
 */
import { type ConditionBlock, many } from '../document';
import { foldAscii } from '../glob';
import { readOperatorForm } from '../operator-form';
import { type FaultCode, refuse, show } from './error';
import { type Operator, operatorNamed, type ValueTest } from './operators';
import type { EvaluationInput } from './request';
import type { Answer, Version } from './template';
import { readBoolean } from './values';

/** One operator on one key. */
export interface ConditionTest {
  readonly part: 'condition';
  /** The operator as written, for example `ForAllValues:StringEquals`. */
  readonly operator: string;
  readonly key: string;
  /** The values as written, as text. */
  readonly values: readonly string[];
  readonly answer: (asked: EvaluationInput) => Answer;
}

const RULE = 'https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html';

/** Reads the element. Throws `PolicyError` for operators, keys and values that AWS rejects. */
export function readConditions(
  block: ConditionBlock,
  version: Version,
  path: readonly (string | number)[],
): ConditionTest[] {
  const tests: ConditionTest[] = [];
  for (const [name, keys] of Object.entries(block)) {
    const form = readForm(name, [...path, name]);
    const seen = new Set<string>();
    for (const [key, written] of Object.entries(keys)) {
      const place = [...path, name, key];
      const fail = (code: FaultCode, expected: string) => refuse({ code, path: place, got: key, expected, rule: RULE });
      if (key === '') fail('bad-condition-key', 'a key such as aws:SourceIp');
      if (seen.has(foldAscii(key))) fail('duplicate-key', 'each key once under an operator, ignoring case');
      seen.add(foldAscii(key));
      tests.push(toTest(name, form, key, many(written).map(String), version, place));
    }
  }
  return tests;
}

/**
 * Whether the condition is met for a statement with this effect. An unsure result counts against the request: an
 * `Allow` statement does not match, and a `Deny` statement matches.
 */
export function conditionHolds(test: ConditionTest, effect: 'Allow' | 'Deny', asked: EvaluationInput): boolean {
  const answer = test.answer(asked);
  return answer === 'yes' || (answer === 'unsure' && effect === 'Deny');
}

/** The parts of an operator's name. */
interface Form {
  readonly every: boolean;
  readonly some: boolean;
  readonly ifExists: boolean;
  /** `undefined` for `Null`. */
  readonly operator: Operator | undefined;
}

function readForm(name: string, path: readonly (string | number)[]): Form {
  const { qualifier, bare, ifExists } = readOperatorForm(name);
  const operator = operatorNamed(bare);
  if (operator === undefined && name !== 'Null') {
    refuse({
      code: 'bad-operator',
      path,
      got: name,
      expected: 'a condition operator in its exact case',
      rule: RULE,
    });
  }
  return {
    every: qualifier === 'ForAllValues',
    some: qualifier === 'ForAnyValue',
    ifExists,
    operator,
  };
}

function toTest(
  name: string,
  form: Form,
  key: string,
  values: readonly string[],
  version: Version,
  path: readonly (string | number)[],
): ConditionTest {
  const fail = (value: string, expected: string): never =>
    refuse({ code: 'bad-condition-value', path, got: value, expected: `${expected} for ${show(name)}`, rule: RULE });
  const { operator } = form;
  if (operator === undefined) {
    const wanted = values.map((value) => readBoolean(value) ?? fail(value, 'true or false'));
    const answer = (asked: EvaluationInput): Answer => {
      const present = asked.values(key);
      return wanted.includes(present === undefined || isBlank(present)) ? 'yes' : 'no';
    };
    return { part: 'condition', operator: name, key, values, answer: hasPrefix(key) ? answer : NEVER_SURE };
  }
  const tests = values.map((value) => operator.read(value, version, path) ?? fail(value, operator.takes));
  const whenMissing = answerWhenMissing(form, operator);
  const single = (value: string, asked: EvaluationInput) => judge(tests, operator.negated, value, asked);
  const answer = (asked: EvaluationInput): Answer => {
    const present = asked.values(key);
    if (present === undefined) return whenMissing;
    if (!form.every && !form.some) {
      // "Multivalued context keys require a condition set operator". AWS does not document the result without a set
      // operator.
      return typeof present === 'string' ? single(present, asked) : 'unsure';
    }
    // "If the key values resolve to an empty data set (for example, an empty string)": AWS's page on multivalued keys.
    if (isBlank(present)) return form.every ? 'yes' : 'no';
    const list = typeof present === 'string' ? [present] : present;
    return combine(
      form,
      list.map((value) => single(value, asked)),
    );
  };
  return { part: 'condition', operator: name, key, values, answer: hasPrefix(key) ? answer : NEVER_SURE };
}

/**
 * Whether the request contains only empty texts for the key. The set operators then find a null dataset. `Null` treats
 * such a key as absent: with `false` it excludes "missing context keys or context keys with empty values".
 * Sources: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-single-vs-multi-valued-context-keys.html,
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition_examples-multi-valued-context-keys.html
 */
function isBlank(present: string | readonly string[]): boolean {
  return typeof present === 'string' ? present === '' : present.every((value) => value === '');
}

/**
 * Whether the key has a service prefix. Some AWS-managed policies have contained keys without a prefix. No request is
 * known to contain such a key, and the effect of such a key is not documented.
 */
export function hasPrefix(key: string): boolean {
  return /^[^:]+:.+$/s.test(key);
}

const NEVER_SURE = (): Answer => 'unsure';

/**
 * Whether one value of the request matches any value of the policy; for a negated operator, whether it matches none.
 */
function judge(tests: readonly ValueTest[], negated: boolean, value: string, asked: EvaluationInput): Answer {
  let unsure = false;
  for (const test of tests) {
    const answer = test(value, asked);
    if (answer === 'yes') return negated ? 'no' : 'yes';
    if (answer === 'unsure') unsure = true;
  }
  return unsure ? 'unsure' : negated ? 'yes' : 'no';
}

/**
 * The result for a missing key. A negated operator matches, any other operator does not, except with `IfExists`.
 * `ForAllValues` matches without values, `ForAnyValue` does not. For `ForAnyValue` with `IfExists`, AWS's pages
 * contradict each other.
 */
function answerWhenMissing(form: Form, operator: Operator): Answer {
  if (form.every) return 'yes';
  if (form.some) return form.ifExists ? 'unsure' : 'no';
  return form.ifExists || operator.negated ? 'yes' : 'no';
}

/** Combines the answers for all values into one. */
function combine(form: Form, answers: readonly Answer[]): Answer {
  const every = answers.every((answer) => answer === 'yes');
  const none = answers.every((answer) => answer === 'no');
  if (form.every) return every ? 'yes' : answers.includes('no') ? 'no' : 'unsure';
  return answers.includes('yes') ? 'yes' : none ? 'no' : 'unsure';
}
