/** Policy documents in a plan. Each document is either parsed JSON or the reason why the document cannot be read. */
import { many, type PolicyDocument, PolicyError, type PolicyKind, parsePolicy } from '@leasehold/policy';
import type { Read } from '../model';
import { withoutEmptyPrincipals } from './empty-principals';
import type { Value } from './value';

/** Parses policy documents. Each text is parsed only once. */
export class Documents {
  private readonly known = new Map<string, Read<PolicyDocument>>();

  /**
   * The document in an attribute; `undefined` if the attribute contains no document. A document that AWS would reject
   * counts as unknown.
   */
  read(value: Value, kind: PolicyKind): Read<PolicyDocument> | undefined {
    const text = value.text();
    if (text.kind === 'unknown') return text;
    if (text.value === undefined) return undefined;
    const read = this.parse(text.value, kind);
    return read.kind === 'known' ? read : { kind: 'unknown', why: value.marked(read.why) };
  }

  private parse(text: string, kind: PolicyKind): Read<PolicyDocument> {
    const key = `${kind} ${text}`;
    const known = this.known.get(key);
    if (known !== undefined) return known;
    const read = parse(text, kind);
    this.known.set(key, read);
    return read;
  }
}

function parse(text: string, kind: PolicyKind): Read<PolicyDocument> {
  try {
    parsePolicy(text, kind);
    return { kind: 'known', value: JSON.parse(text) as PolicyDocument };
  } catch (error) {
    if (!(error instanceof PolicyError)) throw error;
    const named = error.code === 'empty-list' ? withoutEmptyPrincipals(JSON.parse(text) as PolicyDocument) : undefined;
    if (named === undefined) return { kind: 'unknown', why: `no policy that AWS would take: ${error.message}` };
    return many(named.Statement).length === 0 ? { kind: 'known', value: named } : parse(JSON.stringify(named), kind);
  }
}
