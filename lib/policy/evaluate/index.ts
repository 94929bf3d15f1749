/** Evaluates policies with AWS's evaluation logic, and explains the results. Needs no connection to AWS. */
export { type FaultCode, type FaultSource, PolicyError } from './error';
export { evaluate, type Lack, type Outcome, type Verdict } from './evaluate';
export { type Explanation, explain, type Mismatch, nameOf, type StatementNote } from './explain';
export { keysRead, variablesIn } from './keys-read';
export { type Policies, type PolicyDocuments, type PolicyRef, prepare, type StatementRef } from './policies';
export { type Policy, parsePolicy } from './policy';
export type { PolicyKind } from './policy-kind';
export { type Context, isDerivedKey, type Principal, type Request, sessionArn } from './request';
export type { ServiceRule } from './service-rules';
