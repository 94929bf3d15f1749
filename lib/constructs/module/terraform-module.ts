/** One environment as a plain Terraform module, for a team that already has a root module, a state and a pipeline. */
import { defined } from '@leasehold/contract/defined';
import type { Environment } from '@leasehold/definitions';
import { stackName } from '@leasehold/documents';
import { App, TerraformResource } from 'cdktf';
import { LeaseholdStack, PROVIDER_VERSION } from '../leasehold-stack';
import type { Attributes } from './import-ids';
import { type ModuleVariable, tagsVariable, variableBlock } from './module-variables';

/** The part of Terraform's JSON that a module contains. */
export interface ModuleJson {
  readonly terraform: object;
  readonly variable: Readonly<Record<string, object>>;
  readonly data: object;
  readonly resource: Resources;
  readonly output: object;
}

/** Resources: type → name → attributes. */
export type Resources = Readonly<Record<string, Readonly<Record<string, Attributes>>>>;

export interface ModuleOptions {
  readonly environment: Environment;
  /** The variables that the root module may set. In the environment, each variable is represented by its `text`. */
  readonly variables: readonly ModuleVariable[];
  readonly brokerCode?: string;
  readonly consoleCode?: string;
}

/**
 * Terraform 1.5 is the first version with `import` blocks. Postconditions and `configuration_aliases` were introduced
 * in earlier versions.
 */
const TERRAFORM_VERSION = '>= 1.5';

/** The module of an environment: the environment's stack with variables, but without a backend and a provider. */
export function terraformModule({ environment, variables, brokerCode, consoleCode }: ModuleOptions): ModuleJson {
  const stack = new ModuleStack(new App({ outdir: '/nowhere' }), stackName(environment), {
    environment,
    ...defined({ brokerCode, consoleCode }),
  });
  const { resource = {}, output, provider = {} } = stack.toTerraform() as StackParts;
  const aliases = (provider.aws ?? []).flatMap(({ alias }) => (alias === undefined ? [] : [`aws.${alias}`]));
  const taggable = taggableIn(stack);
  const json = {
    terraform: {
      required_version: TERRAFORM_VERSION,
      required_providers: {
        aws: {
          source: 'hashicorp/aws',
          version: PROVIDER_VERSION,
          ...(aliases.length === 0 ? {} : { configuration_aliases: aliases }),
        },
      },
    },
    variable: {
      ...Object.fromEntries(variables.map((variable) => [variable.name, variableBlock(variable)])),
      tags: tagsVariable,
    },
    data: { aws_caller_identity: { this: rightAccount(environment) }, aws_region: { this: rightRegion(environment) } },
    resource: mapResources(resource, (type, name, attributes) => ({
      ...plain(attributes),
      ...(taggable.has(`${type}.${name}`) ? { tags: tagsOf(environment) } : {}),
      ...lifecycle(type, attributes, environment),
      ...archive(attributes),
      // No resource is created before the account and region are checked.
      ...(attributes.depends_on === undefined ? { depends_on: CHECKED } : {}),
    })),
    output,
  };
  return variables.reduce<ModuleJson>(withVariable, json);
}

interface StackParts {
  readonly resource?: Resources;
  readonly output: object;
  readonly provider?: { readonly aws?: readonly { readonly alias?: string }[] };
}

/** A stack that is never written to disk; only its JSON is used. */
class ModuleStack extends LeaseholdStack {
  override prepareStack(): void {}
}

const CHECKED = ['data.aws_caller_identity.this', 'data.aws_region.this'];

/**
 * A precondition that checks the account. A stack uses `allowed_account_ids` of the provider for this purpose, but a
 * module has no provider of its own.
 */
function rightAccount({ account, name }: Environment): object {
  return postcondition(
    `\${self.account_id == "${account}"}`,
    `This module deploys environment ${name} in account ${account}. The AWS provider of the module is configured for a different account.`,
  );
}

function rightRegion({ region, name }: Environment): object {
  return postcondition(
    `\${self.id == "${region}"}`,
    `This module deploys environment ${name} in ${region}. The AWS provider of the module is configured for a different region.`,
  );
}

function postcondition(condition: string, message: string): object {
  return { lifecycle: { postcondition: [{ condition, error_message: message }] } };
}

/** Resources with a `tags` argument, as `type.name`. */
function taggableIn(stack: LeaseholdStack): ReadonlySet<string> {
  const resources = stack.node.findAll().filter(TerraformResource.isTerraformResource);
  return new Set(
    resources
      .filter((resource) => 'tagsAll' in resource && 'tags' in resource)
      .map(({ terraformResourceType, friendlyUniqueId }) => `${terraformResourceType}.${friendlyUniqueId}`),
  );
}

/**
 * Terraform expression for the tags that a stack's provider would add to every resource, and the tags that the root
 * module adds.
 */
function tagsOf(environment: Environment): string {
  return `\${merge(var.tags, { "leasehold:stack" = "${stackName(environment)}" })}`;
}

/**
 * Makes Terraform ignore the tags of roles. A broker revokes a lease with a tag on its role, and no apply may remove
 * that tag. A stack's provider ignores only these tags. A module cannot configure the root module's provider, so the
 * module ignores all tags of its roles.
 */
function lifecycle(type: string, attributes: Attributes, { broker }: Environment): object {
  if (type !== 'aws_iam_role' || broker === undefined) return {};
  const own = typeof attributes.lifecycle === 'object' ? attributes.lifecycle : {};
  return { lifecycle: { ...own, ignore_changes: ['tags', 'tags_all'] } };
}

/** The path of a file next to the module's JSON, independent of the root module's location. */
function archive({ filename }: Attributes): object {
  return typeof filename === 'string' ? { filename: `\${path.module}/${filename}` } : {};
}

/** Attributes without the comment that only CDKTF uses. */
function plain({ '//': _, ...attributes }: Attributes): Attributes {
  return attributes;
}

/** Replaces the text of a variable with a reference to it. */
function withVariable(json: ModuleJson, { name, text }: ModuleVariable): ModuleJson {
  return JSON.parse(JSON.stringify(json).replaceAll(text, `\${var.${name}}`));
}

function mapResources(
  resources: Resources,
  change: (type: string, name: string, attributes: Attributes) => Attributes,
): Resources {
  return Object.fromEntries(
    Object.entries(resources).map(([type, named]) => [
      type,
      Object.fromEntries(Object.entries(named).map(([name, attributes]) => [name, change(type, name, attributes)])),
    ]),
  );
}
