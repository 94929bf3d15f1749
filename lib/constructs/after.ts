import { type ITerraformDependable, TerraformResource } from 'cdktf';

/**
 * Makes a resource wait for others, as its `dependsOn` property would.
 *
 * That property makes a token of each dependency, with the stack trace of its making; on thousands of roles that is a
 * third of the time of synth. A resource of the same stack has an address that is known, so it is written down.
 */
export function after<T extends TerraformResource>(resource: T, others: readonly ITerraformDependable[]): T {
  resource.dependsOn = others.map((other) =>
    TerraformResource.isTerraformResource(other)
      ? `${other.terraformResourceType}.${other.friendlyUniqueId}`
      : other.fqn,
  );
  return resource;
}
