/** What a plan says about access: the estate before it and the estate after it. */
export { plannedAccess } from './planned-access';
