/**
 * `aws_iam_policy_document` data sources that Terraform reads only on apply, because a part or a dependency is not
 * known yet. The plan contains the statements of such a data source except for the unknown parts. Unknown parts are
 * resolved through the configuration, or omitted and reported.
 */
import { defined } from '@leasehold/contract/defined';
import {
  many,
  type PolicyDocument,
  PolicyError,
  type PolicyKind,
  parsePolicy,
  type Statement,
} from '@leasehold/policy';
import type { Read } from '../model';
import { listOf, own } from '../plan/plan';
import { type Of, toStatement } from './delayed-statements';
import type { PlanIndex } from './plan-index';
import type { ScopedInstance } from './resource-instances';
import { AFTER_APPLY, type Value } from './value';
import { stepsOf, writtenAt } from './written-at';

const DOCUMENT = 'aws_iam_policy_document';

/**
 * The document in an attribute. A document that is known only after apply is built from the data source to which the
 * attribute refers.
 */
export function readDocument(
  planIndex: PlanIndex,
  instance: ScopedInstance,
  attribute: string,
  value: Value,
  kind: PolicyKind,
): Read<PolicyDocument> | undefined {
  const read = planIndex.documents.read(valueIn(value, attribute), kind);
  if (read?.kind !== 'unknown' || read.why !== AFTER_APPLY) return read;
  const built = builtFromSource(planIndex, instance, attribute, kind);
  if (built !== undefined) return built;
  const mentions = planIndex.references
    .mentioned(instance, writtenAt(instance.configuration?.expressions, attribute))
    .filter((address) => address !== instance.address);
  return mentions.length === 0 ? read : { ...read, mentions };
}

/** The document of the data source to which an attribute refers; `undefined` if no document can be built. */
function builtFromSource(
  planIndex: PlanIndex,
  instance: ScopedInstance,
  attribute: string,
  kind: PolicyKind,
): Read<PolicyDocument> | undefined {
  const written = writtenAt(instance.configuration?.expressions, attribute);
  const { targets, exact } = planIndex.references.followExpression(instance, written, [DOCUMENT]);
  const [source] = targets;
  if (!exact || source === undefined) return undefined;
  // If the data source has already been read, something else makes the document unknown.
  const json = source.after?.at('json').text();
  if (json?.kind !== 'unknown' || json.why !== AFTER_APPLY) return undefined;
  const denying = new Set<string>();
  const of: Of = {
    planIndex,
    source,
    assumed: new Set(),
    lacking: new Set(),
    ...(isMerged(source) ? {} : { denying }),
  };
  const document = delayed(of);
  if (document === undefined || !isValid(document, kind)) return undefined;
  const assumes = [...of.assumed].sort().join(', ');
  const why = (parts: ReadonlySet<string>) =>
    parts.size === 0 ? undefined : `${[...parts].join(', ')} of ${source.address} is ${AFTER_APPLY}`;
  return {
    kind: 'known',
    value: document,
    ...defined({ assumes: assumes || undefined, lacks: why(of.lacking), omits: why(denying) }),
  };
}

/** The value at a path such as `details[0].policy`. */
function valueIn(value: Value, path: string): Value {
  return stepsOf(path).reduce((inner, step) => inner.at(step), value);
}

/**
 * Attributes with other documents from which a document is built. Statements with the same `Sid` replace each other.
 */
const SOURCES = ['source_policy_documents', 'source_json'];
const OVERRIDES = ['override_policy_documents', 'override_json'];

/** Whether a document is built from other documents, whose statements it may replace. */
function isMerged({ after }: ScopedInstance): boolean {
  return [...SOURCES, ...OVERRIDES].some((attribute) => {
    const list = after?.at(attribute).elements();
    const text = after?.at(attribute).text();
    const isEmpty = list?.kind === 'known' && list.value.length === 0;
    return !isEmpty && !(text?.kind === 'known' && text.value === undefined);
  });
}

/** The readable statements of a data source. `undefined` if there are none. Unreadable parts are recorded. */
function delayed(of: Of): PolicyDocument | undefined {
  const { after } = of.source;
  if (after === undefined) return undefined;
  const version = after.at('version').text();
  const sources = SOURCES.flatMap((attribute) => documentsIn(of, attribute));
  const own = [...merged([...sources, ownStatements(of)])];
  const before = of.lacking.size;
  const overrides = OVERRIDES.flatMap((attribute) => documentsIn(of, attribute));
  // An unreadable part may replace a statement with the same `Sid`, so only statements without a `Sid` are certain.
  const kept = of.lacking.size > before ? own.filter(({ Sid }) => Sid === undefined) : own;
  const statements = merged([kept, ...overrides]);
  const deniesOnly = of.lacking.size === 0 && (of.denying?.size ?? 0) > 0;
  if (statements.length === 0 && !deniesOnly) return undefined;
  return {
    Version: version.kind === 'known' && version.value === '2008-10-17' ? version.value : '2012-10-17',
    Statement: statements,
  };
}

function ownStatements(of: Of): readonly Statement[] {
  const blocks = of.source.after?.at('statement').elements();
  const written = listOf(own(of.source.configuration?.expressions, 'statement'));
  if (blocks?.kind !== 'known') {
    of.lacking.add('statement');
    return [];
  }
  return blocks.value.flatMap((block, index) => {
    // Blocks that a `dynamic` block generates have no expressions of their own.
    const expressions = written.length === blocks.value.length ? written[index] : undefined;
    return toStatement({ ...of, place: `statement[${index}]` }, block, expressions) ?? [];
  });
}

/** The statements of the documents in an attribute. The attribute contains a list of texts or one text. */
function documentsIn(of: Of, attribute: string): readonly (readonly Statement[])[] {
  const value = of.source.after?.at(attribute);
  const list = value?.elements();
  const texts = list?.kind === 'known' && list.value.length > 0 ? list.value : value === undefined ? [] : [value];
  const read = texts.map((each) => each.text());
  const found = read.flatMap((each) => {
    if (each.kind === 'unknown' || each.value === undefined) return [];
    const statements = statementsIn(each.value);
    if (statements === undefined) of.lacking.add(attribute);
    return statements === undefined ? [] : [statements];
  });
  const missing = read.filter(({ kind }) => kind === 'unknown').length;
  if (missing === 0) return found;
  const written = own(of.source.configuration?.expressions, attribute);
  const { targets } = of.planIndex.references.followExpression(of.source, written, [DOCUMENT]);
  const sources = targets.filter((target) => target !== of.source && isLate(target));
  if (sources.length !== missing || of.depth === MOST_DEEP) {
    of.lacking.add(attribute);
    return found;
  }
  return [
    ...found,
    ...sources.map((source) => {
      const inner = delayed({ ...of, source, denying: undefined, depth: (of.depth ?? 0) + 1 });
      if (inner === undefined) of.lacking.add(attribute);
      return inner === undefined ? [] : many(inner.Statement);
    }),
  ];
}

/** Maximum depth of data sources that refer to each other. */
const MOST_DEEP = 8;

function isLate({ after }: ScopedInstance): boolean {
  const json = after?.at('json').text();
  return json?.kind === 'unknown';
}

function statementsIn(text: string): readonly Statement[] | undefined {
  try {
    const { Statement: statements } = JSON.parse(text) as Partial<PolicyDocument>;
    return statements === undefined ? undefined : many(statements);
  } catch {
    return undefined;
  }
}

/** Merges lists of statements. Later statements replace earlier statements with the same `Sid`. */
function merged(lists: readonly (readonly Statement[])[]): readonly Statement[] {
  let all: readonly Statement[] = [];
  for (const list of lists) {
    const names = new Map(list.flatMap((each) => (each.Sid ? [[each.Sid, each] as const] : [])));
    const replaced = all.map((each) => (each.Sid === undefined ? undefined : names.get(each.Sid)) ?? each);
    all = [...replaced, ...list.filter((each) => !replaced.includes(each))];
  }
  return all;
}

function isValid(document: PolicyDocument, kind: PolicyKind): boolean {
  if (many(document.Statement).length === 0) return true;
  try {
    parsePolicy(JSON.stringify(document), kind);
    return true;
  } catch (error) {
    if (error instanceof PolicyError) return false;
    throw error;
  }
}
