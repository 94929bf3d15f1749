/**
 * Wildcards, policy variables and ARN patterns. UG is https://docs.aws.amazon.com/IAM/latest/UserGuide, #policy-vars-… is
 * UG/reference_policies_variables.html#policy-vars-…
 */
import { type Answer, agreed, answer, any, not } from './answer';
import type { Asked } from './statements';

/** A character that means itself, or a wildcard. */
type Piece = { readonly plain: string } | '*' | '?';

/** A document that AWS refuses. */
export class Refused extends Error {}

/** Variables and single letters. Version 2008-10-17 has no variables: UG/reference_policies_elements_version.html */
const tokensOf = (pattern: string, version: string): string[] =>
  pattern.match(version === '2012-10-17' ? /\$\{[^}]*\}|./gsu : /./gsu) ?? [];

const toPiece = (letter: string): Piece => (letter === '*' || letter === '?' ? letter : { plain: letter });

/** The pattern with its variables filled in, in every reading that AWS's page leaves open; `undefined`: without value. */
export function fill(pattern: string, asked: Asked): (Piece[] | undefined)[] {
  let readings: (Piece[] | undefined)[] = [[]];
  for (const token of tokensOf(pattern, asked.version)) {
    if (token.length < 4) for (const reading of readings) reading?.push(toPiece(token));
    else
      readings = variableValues(token.slice(2, -1), asked).flatMap((value) =>
        // What a variable brings in is never a wildcard: #policy-vars-specialchars
        readings.map((before) =>
          value === undefined ? value : before?.concat([...value].map((plain) => ({ plain }))),
        ),
      );
  }
  return readings;
}

function variableValues(name: string, asked: Asked): (string | undefined)[] {
  if (['*', '?', '$'].includes(name)) return [name];
  // "Separate the variable text and the default value with a comma and space": #policy-vars-default-values
  const [, key = name, otherwise] = /^(.*), '(.*)'$/s.exec(name) ?? [];
  const found = asked.context.get(key.toLowerCase()) ?? [];
  if (typeof found === 'string' && found !== '') return [found];
  // "Effectively null" without a value: #policy-vars-no-value. Whether an empty text is one, and what becomes of a multivalued
  // key ("you can't use" it: #policy-vars-using-variables), no page says.
  return found.length === 0 && found !== '' ? [otherwise] : [undefined, otherwise, ...[found].flat()];
}

/** `*` is any characters, `?` any one: UG/reference_policies_elements_condition_operators.html#Conditions_String */
export function like(pieces: readonly Piece[], text: string): boolean {
  const source = pieces.map((piece) => {
    if (typeof piece === 'string') return piece === '*' ? '.*' : '.';
    return piece.plain.replace(/[\\^$.*+?()[\]{}|/]/u, (special) => `\\${special}`);
  });
  return new RegExp(`^${source.join('')}$`, 'su').test(text);
}

/** The pattern as text in which `*` and `?` are letters. */
export const plainText = (pieces: readonly Piece[]): string =>
  pieces.map((piece) => (typeof piece === 'string' ? piece : piece.plain)).join('');

/** "The prefix and the action name are case insensitive": UG/reference_policies_elements_action.html */
export const actionMatches = (pattern: string, action: string): boolean =>
  like([...pattern.toLowerCase()].map(toPiece), action.toLowerCase());

/**
 * One entry of `Resource` or `NotResource`: UG/reference_policies_elements_resource.html. An entry whose variable has no
 * value "will not match any resource": #policy-vars-no-value
 */
export function resourceMatches(pattern: string, asked: Asked, withoutValue: Answer = 'no'): Answer {
  if (pattern === '*') return 'yes';
  const readings = fill(completed(pattern, asked), asked);
  return agreed(readings.map((pieces) => (pieces ? arnMatches(pieces, asked.resource) : withoutValue)));
}

/**
 * "Every resource except those specified": UG/reference_policies_elements_notresource.html. Where a variable has no value,
 * the page on variables can mean that the entry excepts nothing, or that the statement matches nothing.
 */
export const notResourceMatches = (patterns: readonly string[], asked: Asked): Answer =>
  not(any(patterns.map((pattern) => resourceMatches(pattern, asked, 'unsure'))));

const partsOf = (pieces: readonly Piece[]) =>
  arnParts(pieces, (piece) => typeof piece !== 'string' && piece.plain === ':');

/** "Wildcards within ARN segments (the parts separated by colons)": UG/reference_policies_elements_resource.html */
function arnMatches(pattern: readonly Piece[], arn: string): Answer {
  const texts = arnParts([...arn], (letter) => letter === ':');
  return answer(texts.length === 6 && partsOf(pattern).every((part, at) => like(part, texts[at]?.join('') ?? '')));
}

/** "Each of the six colon-delimited components is checked separately": #Conditions_ARN; of what is no ARN it is silent. */
export const arnConditionMatches = (pieces: readonly Piece[], text: string): Answer =>
  partsOf(pieces).length < 6 || !/^arn(:[^:]*){4}:/su.test(text) ? 'unsure' : arnMatches(pieces, text);

/** The six parts of an ARN; the last one keeps its colons. UG/reference-arns.html#arns-syntax */
function arnParts<T>(letters: readonly T[], isColon: (letter: T) => boolean): T[][] {
  const parts: T[][] = [[]];
  for (const letter of letters) {
    if (isColon(letter) && parts.length < 6) parts.push([]);
    else parts.at(-1)?.push(letter);
  }
  return parts;
}

/**
 * AWS completes an incomplete ARN with wildcards in identity-based policies, not in session policies:
 * UG/reference-arns.html. Prefix, partition and service are required: UG/access-analyzer-reference-policy-checks.html. The one
 * variable before the fifth colon is the account's, as AWS's own AmazonTimestreamInfluxDBServiceRolePolicy has it.
 */
export function completed(pattern: string, { kind, version }: Pick<Asked, 'kind' | 'version'>): string {
  const parts = arnParts(tokensOf(pattern, version), (token) => token === ':').map((part) => part.join(''));
  const [prefix, partition, service] = parts;
  if (prefix !== 'arn' || !partition || !service) throw new Refused(`no ARN: ${pattern}`);
  const early = parts
    .slice(0, 5)
    .join(':')
    .replace(/\$\{aws:PrincipalAccount\}/giu, '');
  if (version === '2012-10-17' && early.includes('${')) throw new Refused(`variable too early: ${pattern}`);
  // A permissions boundary is an identity-based policy: UG/access_policies_boundaries.html
  if (parts.length < 6 && kind !== 'identity' && kind !== 'boundary') throw new Refused(`incomplete ARN: ${pattern}`);
  return [...parts, '*', '*', '*'].slice(0, 6).join(':');
}
