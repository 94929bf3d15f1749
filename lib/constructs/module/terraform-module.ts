/** One environment as a plain Terraform module: for a team that has a root, a state and a pipeline already. */
import type { Environment } from '@leasehold/definitions';
import { stackName } from '@leasehold/documents';
import { App, TerraformResource } from 'cdktf';
import { LeaseholdStack, PROVIDER_VERSION } from '../leasehold-stack';
import type { Attributes } from './import-ids';
import { type ModuleVariable, tagsVariable, variableBlock } from './module-variables';

/** Terraform's JSON, as far as a module has it. */
export interface ModuleJson {
  readonly terraform: object;
  readonly variable: Readonly<Record<string, object>>;
  readonly data: object;
  readonly resource: Resources;
  readonly output: object;
}

/** Type → name → attributes. */
export type Resources = Readonly<Record<string, Readonly<Record<string, Attributes>>>>;

export interface ModuleOptions {
  readonly environment: Environment;
  /** What the root may choose; in the environment each is represented by its `text`. */
  readonly variables: readonly ModuleVariable[];
  readonly brokerCode?: string;
}

/** The Terraform version from which on `import` blocks, preconditions and aliases in modules work. */
const TERRAFORM_VERSION = '>= 1.5';

/** The module of an environment: its stack without backend and provider, and with variables. */
export function terraformModule({ environment, variables, brokerCode }: ModuleOptions): ModuleJson {
  const stack = new ModuleStack(new App({ outdir: '/nowhere' }), stackName(environment), {
    environment,
    ...(brokerCode === undefined ? {} : { brokerCode }),
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
      // Nothing is made before it is known that this is the right account and region.
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

/** A stack that is never written: its JSON is read. */
class ModuleStack extends LeaseholdStack {
  override prepareStack(): void {}
}

const CHECKED = ['data.aws_caller_identity.this', 'data.aws_region.this'];

/** What `allowed_account_ids` of a stack's provider demands: a module has no provider of its own. */
function rightAccount({ account, name }: Environment): object {
  return postcondition(
    `\${self.account_id == "${account}"}`,
    `This module is environment ${name} of account ${account}. The provider that it was given belongs to another account.`,
  );
}

function rightRegion({ region, name }: Environment): object {
  return postcondition(
    `\${self.id == "${region}"}`,
    `This module is environment ${name} in ${region}. The provider that it was given has another region.`,
  );
}

function postcondition(condition: string, message: string): object {
  return { lifecycle: { postcondition: [{ condition, error_message: message }] } };
}

/** Resources that have tags of their own, as `type.name`. */
function taggableIn(stack: LeaseholdStack): ReadonlySet<string> {
  const resources = stack.node.findAll().filter(TerraformResource.isTerraformResource);
  return new Set(
    resources
      .filter((resource) => 'tagsAll' in resource && 'tags' in resource)
      .map(({ terraformResourceType, friendlyUniqueId }) => `${terraformResourceType}.${friendlyUniqueId}`),
  );
}

/** What the provider of a stack adds to every resource, and what the root adds. */
function tagsOf(environment: Environment): string {
  return `\${merge(var.tags, { "leasehold:stack" = "${stackName(environment)}" })}`;
}

/**
 * A broker takes a lease back with a tag on its role. A stack's provider ignores such tags; a module cannot ask that of the
 * root's provider, so it ignores all tags of its roles: no apply may undo a revocation.
 */
function lifecycle(type: string, attributes: Attributes, { broker }: Environment): object {
  if (type !== 'aws_iam_role' || broker === undefined) return {};
  const own = typeof attributes.lifecycle === 'object' ? attributes.lifecycle : {};
  return { lifecycle: { ...own, ignore_changes: ['tags', 'tags_all'] } };
}

/** A file beside the module's JSON, wherever the root is. */
function archive({ filename }: Attributes): object {
  return typeof filename === 'string' ? { filename: `\${path.module}/${filename}` } : {};
}

/** Attributes without what only CDKTF reads. */
function plain({ '//': _, ...attributes }: Attributes): Attributes {
  return attributes;
}

/** Puts a reference where the text of the variable is. */
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
