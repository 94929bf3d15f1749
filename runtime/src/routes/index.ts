/** The broker's routes: `@leasehold/contract/routes` under the name that they had before. */
export { CALLERS, type CallerKind, OPERATIONS, type Operation, ROUTES, type Route } from '@leasehold/contract/routes';
