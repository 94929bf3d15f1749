/**
 * Recognizes, by their names, attributes that may determine who has access. An unclassified type must not have such an
 * attribute.
 */

/** Matches the name of an attribute that contains the resource's role, or an instance profile with that role. */
const ROLE = /(^|_)roles?(_arns?|_names?)?$|(^|_)instance_profile(_arn|_name)?$/;

/** Attribute names that end like the name of a role attribute, although the attributes do not contain an IAM role. */
const NO_ROLE =
  /^(column_geographic_role|geographic_role|grafana_role|key_role|master_backend_role|snowflake_role|target_role|user_role_name|organization_role_name|prompt_role)$/;

/**
 * Whether an attribute contains an IAM role with which its resource runs. The decision is based on the attribute's
 * name.
 */
export function namesRole(name: string): boolean {
  return ROLE.test(name) && !NO_ROLE.test(name);
}

/** Whether the name of an attribute suggests an account, a principal, a policy, a permission or a share. */
export function isSuspect(name: string): boolean {
  return SUSPECT.test(name) && !HARMLESS.test(name);
}

const SUSPECT =
  /(^|_)(accounts?|account_ids?|acl|grants?|grantees?|permissions?|polic(y|ies)(_arns?|_document|_json|_text)?|principals?(_arns?|_ids?)?|shared?|sharing|shares|members?|entitlements?)(_|$)/;

/** Attribute names that look as if they determined access, but are harmless. Each name was checked. */
const HARMLESS = /^$/;
