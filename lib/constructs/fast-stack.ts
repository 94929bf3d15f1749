/**
 * All optimizations that make synth fast, described in docs/adr/0008-fast-synth.md. They do not change the JSON that
 * is written.
 */
import { type TerraformElement, TerraformOutput, TerraformResource, TerraformStack, Token } from 'cdktf';

/** Resources in Terraform's JSON: type → name → attributes. */
type Resources = Readonly<Record<string, Readonly<Record<string, object>>>>;

interface StackJson {
  readonly resource?: Resources;
  readonly output: Readonly<Record<string, object>>;
}

/** A stack that is optimized for resources with mostly literal values. */
export class FastStack extends TerraformStack {
  readonly #logicalIds = new WeakMap<TerraformElement, string>();
  readonly #literalOutputs = new Map<string, unknown>();

  /**
   * Caches the Terraform name of each element. cdktf requests the name many times, and each time computes it as a
   * hash of the element's path.
   */
  override getLogicalId(element: TerraformElement): string {
    const known = this.#logicalIds.get(element);
    if (known !== undefined) return known;
    const id = super.getLogicalId(element);
    this.#logicalIds.set(element, id);
    return id;
  }

  /**
   * Adds an output whose value cdktf does not search for tokens. References to Terraform values in it must be written
   * as `${…}`.
   *
   * The output contains no secret. It is marked as sensitive because Terraform would otherwise print hundreds of lines
   * after each apply. `terraform output -json` still prints it.
   */
  protected literalOutput(name: string, value: unknown): void {
    new TerraformOutput(this, name, { value: 'written by toTerraform', staticId: true, sensitive: true });
    this.#literalOutputs.set(name, value);
  }

  /** The stack in Terraform's JSON. */
  override toTerraform(): StackJson {
    const json = withLiteralResources(this, (): StackJson => super.toTerraform());
    const output: Record<string, object> = { ...json.output };
    for (const [name, value] of this.#literalOutputs) output[name] = { ...output[name], value };
    return { ...json, output };
  }
}

/**
 * Builds the stack's JSON without cdktf's search for tokens in resources that contain none. That search visits every
 * value of every resource three times, which takes most of the synth time, and nearly all values are literals.
 * @param toTerraform the stack's original conversion to JSON
 */
function withLiteralResources(stack: TerraformStack, toTerraform: () => StackJson): StackJson {
  const literal = stack.node.findAll().filter(TerraformResource.isTerraformResource).flatMap(takeLiteral);
  try {
    const json = toTerraform();
    const resource: Record<string, Record<string, object>> = { ...json.resource };
    for (const { type, name, attributes } of literal) {
      resource[type] ??= {};
      resource[type][name] = attributes;
    }
    return { ...json, resource };
  } finally {
    for (const { giveBack } of literal) giveBack();
  }
}

interface Taken {
  readonly type: string;
  readonly name: string;
  readonly attributes: object;
  readonly giveBack: () => void;
}

/**
 * The JSON of a resource without tokens, as a list with one item; an empty list for any other resource. Until
 * `giveBack` is called, the resource itself is converted to an empty object.
 */
function takeLiteral(resource: TerraformResource): readonly Taken[] {
  const { resource: resources, ...beside }: { resource?: Resources } = resource.toTerraform();
  const { terraformResourceType: type, friendlyUniqueId: name } = resource;
  const attributes = resources?.[type]?.[name];
  // A resource that was moved, imported or overridden has more data than its attributes.
  const plain = [...Object.values(beside), ...Object.values(resource.toMetadata())].every((said) => said === undefined);
  if (!attributes || !plain || holdsToken(attributes)) return [];

  const { toTerraform, toMetadata } = resource;
  Object.assign(resource, { toTerraform: nothing, toMetadata: nothing });
  return [{ type, name, attributes, giveBack: () => Object.assign(resource, { toTerraform, toMetadata }) }];
}

function nothing(): object {
  return {};
}

/** Whether a value contains a cdktf token. A value that might be a token counts as one. */
function holdsToken(value: unknown): boolean {
  if (typeof value === 'string') return value.includes('TfToken[');
  if (typeof value === 'number') return Token.isUnresolved(value);
  if (typeof value === 'function') return true;
  if (value === null || typeof value !== 'object') return false;
  if (Array.isArray(value)) return value.some(holdsToken);
  if (Object.getPrototypeOf(value) !== Object.prototype) return true;
  return Object.entries(value).some(([key, item]) => key.includes('TfToken[') || holdsToken(item));
}
