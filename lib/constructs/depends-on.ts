import { type ITerraformDependable, TerraformResource } from 'cdktf';

/**
 * Makes a resource depend on other resources. A faster replacement for the `dependsOn` property.
 *
 * `dependsOn` creates a token with a stack trace for each dependency. With thousands of roles, creating these tokens
 * takes a third of the synth time. The address of a resource in the same stack is known, so this function writes the
 * address instead.
 */
export function after<T extends TerraformResource>(resource: T, others: readonly ITerraformDependable[]): T {
  resource.dependsOn = others.map((other) =>
    TerraformResource.isTerraformResource(other)
      ? `${other.terraformResourceType}.${other.friendlyUniqueId}`
      : other.fqn,
  );
  return resource;
}
