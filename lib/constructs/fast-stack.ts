/**
 * What makes synth fast, all of it: docs/adr/0008-fast-synth.md. The JSON is the one that cdktf would write without it.
 */
import { type TerraformElement, TerraformOutput, TerraformResource, TerraformStack, Token } from 'cdktf';

/** Resources as Terraform's JSON: type → name → attributes. */
type Resources = Readonly<Record<string, Readonly<Record<string, object>>>>;

interface StackJson {
  readonly resource?: Resources;
  readonly output: Readonly<Record<string, object>>;
}

/** A stack of which nearly every value is a literal. */
export class FastStack extends TerraformStack {
  readonly #logicalIds = new WeakMap<TerraformElement, string>();
  readonly #literalOutputs = new Map<string, unknown>();

  /** The name of an element in Terraform, which cdktf asks for again and again and hashes from its path each time. */
  override getLogicalId(element: TerraformElement): string {
    const known = this.#logicalIds.get(element);
    if (known !== undefined) return known;
    const id = super.getLogicalId(element);
    this.#logicalIds.set(element, id);
    return id;
  }

  /**
   * An output whose value cdktf does not search for tokens: what it contains of Terraform's is written as `${…}`.
   *
   * It is marked as sensitive although it is not: Terraform would print hundreds of lines of it after each apply. `terraform
   * output -json` prints it as ever.
   */
  protected literalOutput(name: string, value: unknown): void {
    new TerraformOutput(this, name, { value: 'written by toTerraform', staticId: true, sensitive: true });
    this.#literalOutputs.set(name, value);
  }

  /** The stack as Terraform's JSON. */
  override toTerraform(): StackJson {
    const json = withLiteralResources(this, (): StackJson => super.toTerraform());
    const output: Record<string, object> = { ...json.output };
    for (const [name, value] of this.#literalOutputs) output[name] = { ...output[name], value };
    return { ...json, output };
  }
}

/**
 * A stack's JSON, with the resources that hold no token taken past cdktf's search for tokens. It goes through every
 * value of every resource three times, which is most of the time of synth; and nearly all of ours are literal.
 * @param toTerraform the stack's own way to its JSON
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

/** The JSON of a resource that holds no token, which until it is given back has none to show; else nothing. */
function takeLiteral(resource: TerraformResource): readonly Taken[] {
  const { resource: resources, ...beside }: { resource?: Resources } = resource.toTerraform();
  const { terraformResourceType: type, friendlyUniqueId: name } = resource;
  const attributes = resources?.[type]?.[name];
  // A resource that was moved, imported or overridden says so beside its attributes.
  const plain = [...Object.values(beside), ...Object.values(resource.toMetadata())].every((said) => said === undefined);
  if (!attributes || !plain || holdsToken(attributes)) return [];

  const { toTerraform, toMetadata } = resource;
  Object.assign(resource, { toTerraform: nothing, toMetadata: nothing });
  return [{ type, name, attributes, giveBack: () => Object.assign(resource, { toTerraform, toMetadata }) }];
}

function nothing(): object {
  return {};
}

/** Whether cdktf would have anything to resolve. What cannot be told apart from a token counts as one. */
function holdsToken(value: unknown): boolean {
  if (typeof value === 'string') return value.includes('TfToken[');
  if (typeof value === 'number') return Token.isUnresolved(value);
  if (typeof value === 'function') return true;
  if (value === null || typeof value !== 'object') return false;
  if (Array.isArray(value)) return value.some(holdsToken);
  if (Object.getPrototypeOf(value) !== Object.prototype) return true;
  return Object.entries(value).some(([key, item]) => key.includes('TfToken[') || holdsToken(item));
}
