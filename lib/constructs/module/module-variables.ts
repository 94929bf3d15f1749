/** Variables of a module: values that a root module may set without invalidating the guardrail checks. */

/** A variable in the definitions whose value the root module may set. */
export interface ModuleVariable {
  readonly name: string;
  /** The value in the definitions, with which the guardrails were checked. */
  readonly value: string;
  /**
   * The text that represents the variable in the environment from which the module is built. The text occurs nowhere
   * else in the environment.
   */
  readonly text: string;
}

/**
 * The permitted characters of a value. They exclude wildcards, policy variables and characters that end a JSON string,
 * so a value cannot make an ARN match several resources.
 */
export const MODULE_VALUE = /^[A-Za-z0-9+=,.@_/:-]{1,256}$/;

/** Names that variables cannot have: the arguments of `module` blocks, and the variable for tags. */
const RESERVED = ['count', 'depends_on', 'for_each', 'lifecycle', 'locals', 'providers', 'source', 'tags', 'version'];

/** The environment's variables that can become module variables, with their values in the definitions. */
export function moduleVariables(values: Readonly<Record<string, string>>): readonly ModuleVariable[] {
  return Object.entries(values)
    .filter(([name, value]) => MODULE_VALUE.test(value) && !RESERVED.includes(name))
    .map(([name, value], index) => ({ name, value, text: `leaseholdvariable${index}x` }));
}

/** The `variable` block. Its default is the value in the definitions. */
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
          'Use only letters, digits and + = , . @ _ / : -. A wildcard or a policy variable would widen a role.',
      },
    ],
  };
}

export const tagsVariable: object = {
  type: 'map(string)',
  description: 'Tags of every resource that supports tags, in addition to leasehold:stack.',
  default: {},
  nullable: false,
};
