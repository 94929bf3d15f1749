/**
 * Attributes that may determine who has access, judged by name. An unclassified type must not have such an attribute.
 */

/** The name of an attribute that contains the role of a resource, or the instance profile with that role. */
const ROLE = /(^|_)roles?(_arns?|_names?)?$|(^|_)instance_profile(_arn|_name)?$/;

/** Names that end like a role's, but are not IAM roles. */
const NO_ROLE =
  /^(column_geographic_role|geographic_role|grafana_role|key_role|master_backend_role|snowflake_role|target_role|user_role_name|organization_role_name|prompt_role)$/;

/** Whether an attribute names an IAM role that its resource runs with. */
export function namesRole(name: string): boolean {
  return ROLE.test(name) && !NO_ROLE.test(name);
}

/** Whether the name of an attribute is that of an account, a principal, a policy, a permission or a share. */
export function isSuspect(name: string): boolean {
  return SUSPECT.test(name) && !HARMLESS.test(name);
}

const SUSPECT =
  /(^|_)(accounts?|account_ids?|acl|grants?|grantees?|permissions?|polic(y|ies)(_arns?|_document|_json|_text)?|principals?(_arns?|_ids?)?|shared?|sharing|shares|members?|entitlements?)(_|$)/;

/** Names that look like those; each was checked. */
const HARMLESS = /^$/;
