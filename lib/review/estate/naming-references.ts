/** Determines whether the references in an expression can name a resource's target. */

/** Attributes that contain the name or the address of their resource. */
const NAMING = /^(id|arn|name|bucket|domain|domain_name|fqdn)$|(^|_)(arn|name|address|host|hostname|endpoint|ur[il])$/;

/**
 * Whether an expression refers only to resource attributes that contain no name or address, for example `unique_id`. In
 * this case, the text around the attribute determines the target. References to modules, variables and whole resources
 * are not examined.
 */
export function namesNothing(references: readonly string[]): boolean {
  const attributes = references.flatMap((reference) => {
    const [type = '', name, attribute] = reference.split('.').map((part) => part.replace(/\[.*$/, ''));
    if (!type.startsWith('aws_')) return [reference];
    // Terraform lists the resource beside each of its attributes.
    const isListed = references.some(
      (other) => other.startsWith(`${type}.${name}.`) || other.startsWith(`${type}.${name}[`),
    );
    return attribute === undefined ? (isListed ? [] : [reference]) : [attribute];
  });
  return (
    references.length > 0 &&
    attributes.length > 0 &&
    attributes.every((attribute) => /^[a-z0-9_]+$/.test(attribute) && !NAMING.test(attribute))
  );
}
