/** Variables of a module: what a root may choose without leaving what the guardrails checked. */

/** A variable of the definitions that the root may set. */
export interface ModuleVariable {
  readonly name: string;
  /** The value in the definitions, which the guardrails checked. */
  readonly value: string;
  /** What represents the variable in the environment that the module is made of; it occurs nowhere else. */
  readonly text: string;
}

/**
 * What a value may contain: neither a wildcard nor a policy variable, and nothing that ends a string of JSON. So no value
 * makes one resource into many.
 */
export const MODULE_VALUE = /^[A-Za-z0-9+=,.@_/:-]{1,256}$/;

/** Names that `module` blocks have themselves, and that of the variable for tags. */
const RESERVED = ['count', 'depends_on', 'for_each', 'lifecycle', 'locals', 'providers', 'source', 'tags', 'version'];

/** The variables of an environment that a module can leave open, from their values in the definitions. */
export function moduleVariables(values: Readonly<Record<string, string>>): readonly ModuleVariable[] {
  return Object.entries(values)
    .filter(([name, value]) => MODULE_VALUE.test(value) && !RESERVED.includes(name))
    .map(([name, value], index) => ({ name, value, text: `leaseholdvariable${index}x` }));
}

/** The `variable` block, with the value of the definitions as its default. */
export function variableBlock({ name, value }: ModuleVariable): object {
  return {
    type: 'string',
    description: `Variable ${name} of the definitions.`,
    default: value,
    nullable: false,
    validation: [
      {
        condition: `\${can(regex("${MODULE_VALUE.source}", var.${name}))}`,
        error_message:
          'Use letters, digits and + = , . @ _ / : - alone: a wildcard or a policy variable would widen a role.',
      },
    ],
  };
}

export const tagsVariable: object = {
  type: 'map(string)',
  description: 'Tags of every resource that has tags, beside leasehold:stack.',
  default: {},
  nullable: false,
};
