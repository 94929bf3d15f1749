/**
 * Finds gains from an allow statement that applies to the actions of every service. Gains in services that are not
 * named in any policy are combined into one gain, which repeats the statement's action patterns. The catalogue of a
 * review contains only the named services.
 */
import type { CompareOptions, PolicyDocument, Statement } from '@leasehold/policy';
import { widens } from './demands';
import { statementsOf } from './equal-values';
import { isOfEveryService, namedServices } from './services';
import { permissionsOf, type Side } from './side';

/**
 * Returns one side for each allow statement that newly permits actions of services that no policy mentions. The side
 * contains only this allow statement.
 */
export function broadGains(before: Side, after: Side, options: CompareOptions): readonly Side[] {
  const broad = after.documents.flatMap((document) =>
    statementsOf(document).flatMap((statement) =>
      statement.Effect === 'Allow' && isOfEveryService(statement) ? [{ ...document, Statement: [statement] }] : [],
    ),
  );
  if (broad.length === 0) return [];
  const all = [before, after].flatMap(({ documents, boundary }) => [...documents, ...(boundary ? [boundary] : [])]);
  const named = new Set(all.flatMap(statementsOf).flatMap(namedServices));
  const elsewhere: Statement = { Effect: 'Deny', Action: [...named].map((service) => `${service}:*`), Resource: '*' };
  const denies = after.documents.flatMap(deniesOf);
  return broad.flatMap((allow) => {
    const alone: Side = { ...after, documents: [allow, ...denies] };
    const rest: Side =
      named.size === 0
        ? alone
        : { ...alone, documents: [...alone.documents, { Version: '2012-10-17', Statement: [elsewhere] }] };
    return widens(permissionsOf(before), permissionsOf(rest), options) ? [alone] : [];
  });
}

function deniesOf(document: PolicyDocument): readonly PolicyDocument[] {
  const statements = statementsOf(document).filter(({ Effect }) => Effect === 'Deny');
  return statements.length === 0 ? [] : [{ ...document, Statement: statements }];
}
