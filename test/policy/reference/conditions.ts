/**
 * The `Condition` element: UG/reference_policies_elements_condition.html. UG is
 * https://docs.aws.amazon.com/IAM/latest/UserGuide, #… UG/reference_policies_elements_condition_operators.html#…
 */
import type { ConditionBlock } from '@leasehold/policy';
import { type Answer, agreed, all, answer, any, not } from './answer';
import { arnConditionMatches, fill, like, plainText } from './patterns';
import type { Asked } from './statements';

/** Operators and keys are joined by AND: UG/reference_policies_condition-logic-multiple-context-keys-or-values.html */
export function conditionHolds(block: ConditionBlock = {}, asked: Asked): Answer {
  const tests = Object.entries(block).flatMap(([operator, keys]) =>
    Object.entries(keys).map(([key, wanted]) => operatorHolds(operator, key, [wanted].flat().map(String), asked)),
  );
  return all(tests);
}

function operatorHolds(operator: string, key: string, wanted: readonly string[], asked: Asked): Answer {
  const [, set, name = '', ifExists] = /^(?:(ForAllValues|ForAnyValue):)?(.*?)(IfExists)?$/u.exec(operator) ?? [];
  const found = asked.context.get(key.toLowerCase());
  const values = found === undefined ? [] : [found].flat();
  if (name === 'Null') return any(wanted.map((value) => nullHolds(value === 'true', values)));
  // Several values are joined by OR, those of a negated operator by NOR: same page as above.
  const negated = name.includes('Not');
  const test = (value: string): Answer => {
    const matched = any(wanted.map((one) => compare(name.replace('Not', ''), value, one, asked)));
    return negated ? not(matched) : matched;
  };
  // UG/reference_policies_condition-single-vs-multi-valued-context-keys.html: ForAllValues is true without values, "or if the
  // context key value resolves to a null dataset, such as an empty string"; ForAnyValue is false then.
  if (set !== undefined) {
    // Of a missing key #Conditions_IfExists says true, that page false.
    if (set === 'ForAnyValue' && ifExists && values.length === 0) return 'unsure';
    const some = values.some((value) => value !== '') ? values : [];
    return (set === 'ForAllValues' ? all : any)(some.map(test));
  }
  // A missing key is no match, and one for negated operators (top of the page) and IfExists (#Conditions_IfExists).
  if (values.length === 0) return answer(negated || ifExists !== undefined);
  // "Multivalued context keys require a condition set operator": page above. AWS does not say what happens without.
  return typeof found === 'string' ? test(found) : 'unsure';
}

/**
 * #Conditions_Null: `false` is "the key exists and its value is not null", and `true` its opposite. An empty value is null:
 * `false` keeps out "context keys with empty values": UG/reference_policies_condition_examples-multi-valued-context-keys.html
 */
function nullHolds(wantsNull: boolean, values: readonly string[]): Answer {
  return answer(wantsNull === values.every((value) => value === ''));
}

/** One value of the request under one value of the policy, for an operator without its `Not`. */
function compare(operator: string, value: string, wanted: string, asked: Asked): Answer {
  if (/^(String|Arn)/u.test(operator)) {
    // Only these take variables: UG/reference_policies_variables.html#policy-vars-conditionelement
    const [pieces, ...otherReadings] = fill(wanted, asked);
    if (otherReadings.length > 0) return 'unsure';
    if (pieces === undefined) return 'no';
    if (operator.startsWith('Arn')) return arnConditionMatches(pieces, value);
    if (operator === 'StringLike') return answer(like(pieces, value));
    const fold = (text: string) => (operator.endsWith('IgnoreCase') ? text.toLowerCase() : text);
    return answer(fold(plainText(pieces)) === fold(value));
  }
  if (operator.startsWith('Numeric')) return ordered(operator, toNumber(value), toNumber(wanted));
  if (operator.startsWith('Date')) return ordered(operator, toMoment(value), toMoment(wanted));
  if (operator === 'IpAddress') return addressIn(value, wanted);
  // #Conditions_Boolean
  if (operator === 'Bool') return /^(true|false)$/iu.test(value) ? answer(value.toLowerCase() === wanted) : 'unsure';
  // "Byte for byte against a base-64 encoded representation": #Conditions_BinaryEquals
  if (operator !== 'BinaryEquals') throw new Error(`no operator of IAM's: ${operator}`);
  const bytes = /^([A-Za-z0-9+/]{4})*([A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/u.test(value);
  return bytes ? answer(Buffer.from(value, 'base64').equals(Buffer.from(wanted, 'base64'))) : 'unsure';
}

/** #Conditions_Numeric, #Conditions_Date */
function ordered(operator: string, value: number, wanted: number): Answer {
  if (Number.isNaN(value) || Number.isNaN(wanted)) return 'unsure';
  if (operator.includes('LessThan')) return answer(value < wanted || (value === wanted && operator.endsWith('Equals')));
  if (operator.includes('GreaterThan'))
    return answer(value > wanted || (value === wanted && operator.endsWith('Equals')));
  return answer(value === wanted);
}

const toNumber = (text: string) => (/^[+-]?\d+(\.\d+)?$/u.test(text) ? Number(text) : Number.NaN);

/** "One of the W3C implementations of the ISO 8601 date formats or epoch (UNIX) time": #Conditions_Date */
function toMoment(text: string): number {
  if (/^\d{5,}$/u.test(text)) return Number(text) * 1000;
  return /^\d{4}-\d\d(-\d\d(T\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d))?)?$/u.test(text)
    ? Date.parse(text)
    : Number.NaN;
}

/** "Standard CIDR format", without prefix "the default prefix value of /32", doubtful for IPv6: #Conditions_IPAddress */
function addressIn(text: string, range: string): Answer {
  const [network = '', prefix] = range.split('/');
  const value = toBits(text);
  const wanted = toBits(network);
  if (value === '' || wanted === '') return 'unsure';
  const same = (bits: number) => value.length === wanted.length && value.slice(0, bits) === wanted.slice(0, bits);
  if (prefix !== undefined) return answer(same(Number(prefix)));
  return agreed([answer(same(32)), answer(same(wanted.length))]);
}

/** An address as 32 or 128 zeros and ones; empty for what is none. */
function toBits(address: string): string {
  const bits = (parts: readonly string[], radix: number, width: number) =>
    parts.map((part) => Number.parseInt(part, radix).toString(2).padStart(width, '0')).join('');
  if (/^\d{1,3}(\.\d{1,3}){3}$/u.test(address)) return bits(address.split('.'), 10, 8);
  if (!/^[\da-f:]*:[\da-f:]*$/iu.test(address)) return '';
  const [left = [], right] = address.split('::').map((half) => half.split(':').filter((group) => group !== ''));
  const zeros = right === undefined ? [] : Array<string>(8 - left.length - right.length).fill('0');
  return bits([...left, ...zeros, ...(right ?? [])], 16, 16);
}
