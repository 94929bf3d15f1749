/** Deny statements whose removal permits something that was denied before. */

import { defined } from '@leasehold/contract/defined';
import { listInWords } from '@leasehold/contract/text';
import {
  type CompareOptions,
  compileActionPattern,
  many,
  type PolicyDocument,
  type Statement,
} from '@leasehold/policy';
import { widens } from './demands';
import { canonical, statementsOf, versionOf } from './equal-values';
import { NOTHING, type Pair, type Side } from './side';

/** The removed deny statements. */
export interface LostDenies {
  readonly statements: readonly Statement[];
  /** The resource patterns that a statement no longer denies, if the statement still denies other resources. */
  readonly freed: readonly string[];
  /** The policy that contained the first removed deny statement. */
  readonly from: Side['policies'][number] | undefined;
}

/**
 * The deny statements that were removed from an identity's policies without a replacement. In the comparison, both
 * sides have the allow statements after the plan, so that only removed deny statements have an effect.
 */
export function lostDenies({ before, after }: Pair, options: CompareOptions): LostDenies | undefined {
  if (before === undefined || after === undefined) return undefined;
  const statements = goneDenies(before.documents, after.documents);
  if (statements.length === 0) return undefined;
  const allows = [...withEffect(after.documents, 'Allow'), NOTHING];
  const withDeniesOf = (documents: readonly PolicyDocument[]) => ({
    identity: [...allows, ...withEffect(documents, 'Deny')],
    ...defined({ boundary: after.boundary }),
  });
  if (!widens(withDeniesOf(before.documents), withDeniesOf(after.documents), options)) return undefined;
  const from = before.policies.find(
    ({ document }) =>
      document.kind === 'known' && statementsOf(document.value).some((each) => statements.includes(each)),
  );
  return { statements, freed: freedResources(before.documents, after.documents), from };
}

/** The deny statements in the earlier documents that have no equivalent in the later documents. */
export function goneDenies(before: readonly PolicyDocument[], after: readonly PolicyDocument[]): readonly Statement[] {
  const kept = new Set(denies(after).map(({ text }) => text));
  return denies(before).flatMap(({ text, statement }) => (kept.has(text) ? [] : [statement]));
}

/**
 * Resource patterns that the deny statements no longer contain or now exempt. Empty if the statements do not differ in
 * this way.
 */
export function freedResources(before: readonly PolicyDocument[], after: readonly PolicyDocument[]): readonly string[] {
  const [earlier, later] = [denies(before), denies(after)].map((list) => list.map(({ statement }) => statement));
  const missing = (
    from: readonly Statement[] = [],
    of: readonly Statement[] = [],
    element: 'Resource' | 'NotResource',
  ) => {
    const there = new Set(of.flatMap((statement) => many(statement[element])));
    return from.flatMap((statement) => many(statement[element])).filter((text) => !there.has(text));
  };
  const found = [...missing(earlier, later, 'Resource'), ...missing(later, earlier, 'NotResource')];
  return [...new Set(found)].sort();
}

/** A description of what the deny statements forbid, for example `s3:DeleteBucket, s3:DeleteObject on *`. */
export function deniedInWords(statements: readonly Statement[], freed: readonly string[] = []): string {
  const [first, ...others] = statements;
  if (first === undefined) return 'nothing';
  const actions = first.Action === undefined ? `everything but ${few(many(first.NotAction))}` : few(many(first.Action));
  const resources = first.NotResource === undefined ? many(first.Resource) : many(first.NotResource);
  const named = `${first.NotResource === undefined ? '' : 'all but '}${few(resources)}`;
  const on = freed.length > 0 ? ` on ${few(freed)}` : resources.length === 0 ? '' : ` on ${named}`;
  const when = Object.keys(first.Condition ?? {}).length > 0 ? ' under a condition' : '';
  return `${actions === '*' ? 'everything' : actions}${on}${when}${others.length > 0 ? `, and by ${others.length} more` : ''}`;
}

/** Whether one of the statements applies to an action. */
export function speaksOf(statements: readonly Statement[], action: string): boolean {
  return statements.some(({ Action, NotAction }) => {
    const matches = many(Action ?? NotAction).some((pattern) => compileActionPattern(pattern)(action));
    return matches === (Action !== undefined);
  });
}

const few = (values: readonly string[]): string => listInWords(values, { most: 3 });

function denies(
  documents: readonly PolicyDocument[],
): readonly { readonly text: string; readonly statement: Statement }[] {
  return documents.flatMap((document) =>
    statementsOf(document).flatMap((statement) =>
      statement.Effect === 'Deny' ? [{ text: canonical(statement, versionOf(document)), statement }] : [],
    ),
  );
}

/** Copies of the documents that contain only the statements with one effect. */
function withEffect(documents: readonly PolicyDocument[], effect: Statement['Effect']): readonly PolicyDocument[] {
  return documents.flatMap((document) => {
    const statements = statementsOf(document).filter(({ Effect }) => Effect === effect);
    return statements.length === 0 ? [] : [{ ...document, Statement: statements }];
  });
}
