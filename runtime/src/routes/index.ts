/** The broker's routes: re-exports `@leasehold/contract/routes` under its earlier name. */
export { CALLERS, type CallerKind, OPERATIONS, type Operation, ROUTES, type Route } from '@leasehold/contract/routes';
