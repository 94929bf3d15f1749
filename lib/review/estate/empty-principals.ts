/**
 * Removes empty lists of principals, `"Service": []`, which some modules write. An empty list names nobody, so a
 * statement without other principals applies to nobody.
 */
import { many, type OneOrMany, type PolicyDocument, type Statement } from '@leasehold/policy';

/**
 * The document without empty lists of principals. `undefined` if the document contains no such list. An empty
 * `NotPrincipal` is kept, because it exempts nobody and the statement therefore applies to everybody.
 */
export function withoutEmptyPrincipals(document: PolicyDocument): PolicyDocument | undefined {
  const statements = many(document.Statement);
  const kept = statements.flatMap(withoutEmpty);
  const same = kept.length === statements.length && kept.every((statement, index) => statement === statements[index]);
  return same ? undefined : { ...document, Statement: kept };
}

function withoutEmpty(statement: Statement): readonly Statement[] {
  const { Principal } = statement;
  if (typeof Principal !== 'object' || Principal === null) return [statement];
  const entries = Object.entries(Principal) as readonly [string, OneOrMany<string>][];
  const named = entries.filter(([, names]) => !Array.isArray(names) || names.length > 0);
  if (named.length === entries.length) return [statement];
  return named.length === 0 ? [] : [{ ...statement, Principal: Object.fromEntries(named) }];
}
