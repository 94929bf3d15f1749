/** How a document in the account compares with the deployed one. The policy engine decides, never the text. */
import { compare, many, type Permissions, type PolicyDocument, PolicyError } from '@leasehold/policy';
import { documentIn } from '../live/decode';
import type { Damage, DamageSeverity } from '../verification';

/** The result of a comparison, from the point of view of the account. */
export type Judgement =
  | { readonly kind: 'equal' }
  /** It permits less. */
  | { readonly kind: 'narrower' }
  /** It permits a request that the deployed documents do not. */
  | { readonly kind: 'wider'; readonly example: string }
  /** The texts differ, and neither was proven. */
  | { readonly kind: 'unknown'; readonly why: string };

/** Identity policies, a boundary, a trust policy or a resource's policy: all documents of one kind. */
export type DocumentKind = 'identity' | 'boundary' | 'trust' | 'resource';

/**
 * Compares documents. `live` are texts as AWS answers them: what cannot be read is `unknown`, which counts as wider.
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
  // Nothing is gained. If it cannot be proven that nothing is lost, something may be.
  return { kind: less.kind === 'widened' || less.kind === 'unknown' ? 'narrower' : 'equal' };
}

/** The engine speaks of before and after; here that is what is deployed and what was found. */
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

/** The engine compares sides that can allow something: a boundary alone cannot. */
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

/** Equal documents are equal without a comparison. The order of keys and of documents does not matter. */
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

/** The damage that a judgement shows; none if the documents are equal. `what` is the subject, `wider` its severity. */
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
