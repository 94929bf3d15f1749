/** Reads a Terraform plan. */
export { PlanError, type PlanErrorCode } from './error';
export { type LoadOptions, loadPlan, showPlan } from './load';
export type { Action, Change, Expression, Instance, Json, Plan, ResourceChange, StateResource } from './plan';
export { readPlan } from './read';
