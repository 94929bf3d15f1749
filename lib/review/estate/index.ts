/** Reads the access that a plan describes: the estate before the plan and the estate after the plan. */
export { plannedAccess } from './planned-access';
