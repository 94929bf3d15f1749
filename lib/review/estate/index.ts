/** Reads the access in a plan: the estate before the plan and the estate after the plan. */
export { plannedAccess } from './planned-access';
