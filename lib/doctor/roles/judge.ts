/** Compares a document in the account with the deployed document. The policy engine compares permissions, not texts. */
import { compare, many, type Permissions, type PolicyDocument, PolicyError } from '@leasehold/policy';
import { documentIn } from '../live/decode';
import type { Damage, DamageSeverity } from '../verification';

/** The result of comparing the live documents with the deployed documents. */
export type Judgement =
  | { readonly kind: 'equal' }
  /** The live documents permit less than the deployed documents. */
  | { readonly kind: 'narrower' }
  /** The live documents permit a request that the deployed documents do not permit. */
  | { readonly kind: 'wider'; readonly example: string }
  /** The documents differ, and it could not be proven whether the live permissions are equal, narrower or wider. */
  | { readonly kind: 'unknown'; readonly why: string };

/**
 * The kind of the compared documents: identity policies, a permissions boundary, a trust policy or a resource policy.
 */
export type DocumentKind = 'identity' | 'boundary' | 'trust' | 'resource';

/**
 * Compares policy documents. `live` contains the JSON that AWS returned. If any of the documents cannot be parsed, the
 * result is `unknown`, which counts as wider.
 */
export function judge(kind: DocumentKind, deployed: readonly PolicyDocument[], live: readonly string[]): Judgement {
  const found: PolicyDocument[] = [];
  for (const text of live) {
    const document = documentIn(text);
    if (document === undefined) return { kind: 'unknown', why: 'a document is not unambiguous JSON' };
    found.push(document);
  }
  if (sameTexts(deployed, found)) return { kind: 'equal' };
  try {
    return judged(sides(kind, deployed), sides(kind, found));
  } catch (error) {
    if (!(error instanceof PolicyError)) throw error;
    return { kind: 'unknown', why: 'the policy engine cannot read a document' };
  }
}

function judged(deployed: Permissions, live: Permissions): Judgement {
  const more = compare(deployed, live);
  if (more.kind === 'widened') return { kind: 'wider', example: inWords(more.sentence) };
  if (more.kind === 'unknown') return { kind: 'unknown', why: more.reason };
  const less = compare(live, deployed);
  // The account permits nothing additional. Unless it is proven that no permission is missing, the result is
  // `narrower`.
  return { kind: less.kind === 'widened' || less.kind === 'unknown' ? 'narrower' : 'equal' };
}

/**
 * The policy engine's sentences use "before" and "after". In this comparison these are the deployed and the live
 * documents.
 */
function inWords(sentence: string): string {
  return sentence.replace(/ is allowed after and was (\w+ denied) before/, ' is allowed, and $1 as deployed');
}

const NOTHING: PolicyDocument = {
  Version: '2012-10-17',
  Statement: [
    { Effect: 'Allow', Action: 'leasehold-nothing:Nothing', Resource: 'arn:aws:leasehold-nothing:::nothing' },
  ],
};
const EVERYTHING: PolicyDocument = {
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Action: '*', Resource: '*' }],
};

/** The policy engine compares sets of policies that can allow something. A boundary alone allows nothing. */
function sides(kind: DocumentKind, documents: readonly PolicyDocument[]): Permissions {
  const [only] = documents;
  switch (kind) {
    case 'identity':
      return { identity: [NOTHING, ...documents] };
    case 'boundary':
      return { identity: [EVERYTHING], boundary: only ?? NOTHING };
    case 'trust':
      return { trust: required(only) };
    case 'resource':
      return { resource: required(only) };
  }
}

function required(document: PolicyDocument | undefined): PolicyDocument {
  if (document === undefined) throw new TypeError('a trust or resource policy is compared with another one');
  return document;
}

/** Whether the JSON is equal, so that no comparison is needed. The order of keys and of documents does not matter. */
function sameTexts(a: readonly PolicyDocument[], b: readonly PolicyDocument[]): boolean {
  const texts = (documents: readonly PolicyDocument[]) => documents.map(canonical).sort();
  return JSON.stringify(texts(a)) === JSON.stringify(texts(b));
}

function canonical(document: PolicyDocument): string {
  return JSON.stringify({ ...document, Statement: many(document.Statement) }, (_key, value) =>
    value !== null && typeof value === 'object' && !Array.isArray(value)
      ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)))
      : value,
  );
}

/**
 * Converts the result of a comparison to damage; none if the documents are equal. `what` is the subject of the message,
 * and `wider` is the severity of wider permissions.
 */
export function damageBy(
  judgement: Judgement,
  { place, what, hint, wider }: { place: string; what: string; hint: string; wider: DamageSeverity },
): readonly Damage[] {
  switch (judgement.kind) {
    case 'equal':
      return [];
    case 'wider':
      return [
        {
          kind: 'damage',
          place,
          severity: wider,
          message: `${what} permits more than is deployed: ${judgement.example}`,
          hint,
        },
      ];
    case 'unknown':
      return [
        {
          kind: 'damage',
          place,
          severity: wider,
          message: `${what} differs from what is deployed, and may permit more: ${judgement.why.replace(/\.$/, '')}.`,
          hint,
        },
      ];
    case 'narrower':
      return [
        {
          kind: 'damage',
          place,
          severity: 'medium',
          message: `${what} permits less than is deployed.`,
          hint,
        },
      ];
  }
}
