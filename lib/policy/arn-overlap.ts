/**
 * Checks whether a policy's resource pattern and an ARN format in AWS's reference can match the same resource, that is,
 * whether at least one string matches both.
 */
import { append } from '@leasehold/contract/any-length';
import { parseArn } from './arn';
import { NARROW_VARIABLES } from './data/arn-variables';

/**
 * One position of a pattern: a fixed character, exactly one character of a set, or any number of characters of a set.
 */
interface Step {
  readonly kind: 'char' | 'one' | 'any';
  /** For `char`, the character that matches; for the other kinds of step, the characters that do not match. */
  readonly text: string;
}

/** A pattern that is prepared for comparison with other patterns. */
export interface OverlapPattern {
  readonly steps: readonly Step[];
  /**
   * Parts that must be identical in both patterns. They are used to rule out most pairs quickly. Absent if a `*` could
   * match a colon.
   */
  readonly head?: Head;
}

interface Head {
  readonly service: string;
  /** The resource part up to its first wildcard or variable. */
  readonly stem: string;
}

/**
 * Prepares the resource pattern of a policy. `*` and `?` are wildcards. A variable such as `${aws:username}` or
 * `${param.release}` can have any value. `${*}`, `${?}` and `${$}` are literal characters.
 */
export function resourcePattern(text: string): OverlapPattern {
  return toPattern(text, /^[^*?$]*$/, (name) => {
    if (name === '*' || name === '?' || name === '$') return [{ kind: 'char', text: name }];
    return [ANY];
  });
}

/**
 * Prepares an ARN format such as `arn:${Partition}:s3:::${BucketName}/${ObjectName}`. A variable matches at least one
 * character. In the parts before the resource, a variable does not match a colon.
 */
export function arnFormat(format: string, service: string): OverlapPattern {
  const resource = parseArn(format)?.resource ?? '';
  return toPattern(format, /^(\$\{\w+\}|[^*?$])*$/, (name) => {
    const narrow = !resource.includes(`\${${name}}`) ? ':' : (NARROW.get(`${service} ${name}`) ?? '');
    return [
      { kind: 'one', text: narrow },
      { kind: 'any', text: narrow },
    ];
  });
}

/**
 * Whether at least one string matches both patterns. The running time is bounded by the product of the patterns'
 * lengths.
 */
export function overlaps(one: OverlapPattern, other: OverlapPattern): boolean {
  if (one.head !== undefined && other.head !== undefined && !heads(one.head, other.head)) return false;
  const [a, b] = [one.steps, other.steps];
  let start = 0;
  for (; start < a.length && start < b.length; start++) {
    const left = a[start];
    const right = b[start];
    if (left === undefined || right === undefined || left.kind !== 'char' || right.kind !== 'char') break;
    if (left.text !== right.text) return false;
  }
  // row[j] is whether a[i..] and b[j..] match a common text, for the current i.
  let next: boolean[] = [];
  for (let i = a.length; i >= start; i--) {
    const row: boolean[] = new Array(b.length + 1).fill(false);
    for (let j = b.length; j >= start; j--) row[j] = shares(a[i], b[j], row, next, j, i === a.length && j === b.length);
    next = row;
  }
  return next[start] === true;
}

const ANY: Step = { kind: 'any', text: '' };

const NARROW: ReadonlyMap<string, string> = new Map(
  NARROW_VARIABLES.map(({ service, variable }) => [`${service} ${variable}`, ':/'] as const),
);

function shares(
  left: Step | undefined,
  right: Step | undefined,
  row: readonly boolean[],
  next: readonly boolean[],
  j: number,
  bothEnded: boolean,
): boolean {
  if (bothEnded) return true;
  const leftAny = left?.kind === 'any';
  const rightAny = right?.kind === 'any';
  // The run of the wildcard can end at this position.
  if ((leftAny && next[j] === true) || (rightAny && row[j + 1] === true)) return true;
  if (left === undefined || right === undefined || (leftAny && rightAny) || !compatible(left, right)) return false;
  // Otherwise the star consumes a character of the other pattern and continues.
  if (leftAny) return row[j + 1] === true;
  if (rightAny) return next[j] === true;
  return next[j + 1] === true;
}

function compatible(left: Step, right: Step): boolean {
  if (left.kind === 'char') return right.kind === 'char' ? left.text === right.text : !right.text.includes(left.text);
  // Two wildcards always share a character: none excludes more than two.
  return right.kind !== 'char' || !left.text.includes(right.text);
}

function heads(one: Head, other: Head): boolean {
  return one.service === other.service && (one.stem.startsWith(other.stem) || other.stem.startsWith(one.stem));
}

/** @param unbroken Matches the parts before the resource in which no wildcard can match a colon. */
function toPattern(text: string, unbroken: RegExp, variable: (name: string) => readonly Step[]): OverlapPattern {
  const steps = toSteps(text, variable);
  const arn = parseArn(text);
  if (arn === undefined || arn.service.includes('$')) return { steps };
  if (![arn.partition, arn.service, arn.region, arn.account].every((part) => unbroken.test(part))) return { steps };
  return { steps, head: { service: arn.service, stem: /^[^*?$]*/.exec(arn.resource)?.[0] ?? '' } };
}

function toSteps(text: string, variable: (name: string) => readonly Step[]): readonly Step[] {
  const result: Step[] = [];
  for (let index = 0; index < text.length; index++) {
    const char = text[index] ?? '';
    const close = text.startsWith('${', index) ? text.indexOf('}', index) : -1;
    if (close > 0) {
      append(result, variable(text.slice(index + 2, close)));
      index = close;
    } else if (char === '*') result.push(ANY);
    else if (char === '?') result.push({ kind: 'one', text: '' });
    else result.push({ kind: 'char', text: char });
  }
  return result;
}
