/**
 * The permissions of a policy in a form in which a person can read every permission. This module has no dependencies,
 * so that it loads fast.
 */
export { type Complain, described, Field, isRecord } from './field';
export { type HandingRole, noticesOf } from './notices';
export { asTemplate, CALL_PARAMETER, parameterFiller } from './parameter-variables';
export { within } from './pattern';
export { type Permission, permissionsOf, type RolePolicy, readStatements } from './permission';
