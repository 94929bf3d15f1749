/** The library of roles: ready-made YAML in `docs/recipes`, with the variables that each recipe needs. */
import { nearest } from '@leasehold/policy';
import { UsageError } from '../exit';
import { pageText } from '../package-root';
import type { ExternalYaml } from './external-text';

/** A ready-made role, or several roles that belong together. */
export interface Recipe {
  readonly name: string;
  /** The purpose of the recipe, as a heading. */
  readonly title: string;
  /** The access that the recipe deliberately does not permit, as a sentence. */
  readonly cannot: string;
  /** Variables of the environment, each with an example value. */
  readonly variables: Readonly<Record<string, string>>;
  /**
   * External roles that the recipe passes or assumes, each with the maximum permissions that the external role may
   * have.
   * @default none
   */
  readonly external?: ExternalYaml;
}

const FOLDER = 'docs/recipes';

/** Every recipe, in the order of the page. */
export function recipes(): readonly Recipe[] {
  return (JSON.parse(demandText('recipes.json')) as { readonly recipes: readonly Recipe[] }).recipes;
}

/**
 * The recipe with the given name.
 * @throws UsageError that lists all names if there is no such recipe
 */
export function recipeOf(name: string): Recipe {
  const all = recipes();
  const found = all.find((recipe) => recipe.name === name);
  if (found !== undefined) return found;
  const names = all.map((recipe) => recipe.name);
  const meant = nearest(name, names);
  throw new UsageError(`--recipe ${name}: there is no such recipe`, {
    expected: `one of ${names.join(', ')}`,
    hint: meant === undefined ? '`leasehold init --recipes` says what each is for.' : `Write --recipe ${meant}.`,
  });
}

/** How a recipe is adapted to its environment. */
export interface Adaption {
  /** The gate that replaces `mfa` in the recipe's roles. */
  readonly gate: 'mfa' | 'broker';
  /** The last day on which the recipe's waivers are valid, `YYYY-MM-DD`. */
  readonly until: string;
}

/** The YAML of a recipe's roles. */
export function recipeText({ name }: Recipe, { gate, until }: Adaption): string {
  return demandText(`${name}.yaml`)
    .replaceAll(/^gate: mfa$/gm, `gate: ${gate}`)
    .replaceAll(/^(\s*until: )\d{4}-\d{2}-\d{2}$/gm, `$1${until}`);
}

/** Whether the recipe has roles that can be leased only from a broker. */
export function needsBroker(recipe: Recipe): boolean {
  return /^gate: broker$/m.test(recipeText(recipe, { gate: 'mfa', until: '' }));
}

/**
 * The broker, for recipes that need a broker. The broker reads user tokens only if a recipe binds a parameter to a
 * claim in the token.
 */
export const BROKER_YAML = `# yaml-language-server: $schema=../node_modules/leasehold/docs/schema/leasehold.schema.json
kind: Broker
approval: { humans: 1, window: 30m }
# Whose tokens prove on whose behalf an agent asks.
subjects:
  - issuer: https://login.example.com
    audiences: [web]
    claims: [tenant_id]
`;

function demandText(file: string): string {
  const text = pageText(`${FOLDER}/${file}`);
  if (text === undefined) throw new Error(`${FOLDER}/${file} is not in this installation`);
  return text;
}
