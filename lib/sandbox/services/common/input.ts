/**
 * Reads the parameters of a request. If a parameter has an unexpected shape, the request is refused; the parameter is
 * never ignored.
 */
import { UnmappedRequest } from '../../service-mapping';
import type { Json } from '../../wire/read';

/** Parameters by name, from JSON or from the query protocols, in which every value is a string. */
export type Fields = { readonly [name: string]: Json };

/**
 * The parameters of one structure. Every method that reads a value throws {@link UnmappedRequest} if the value has
 * another shape.
 */
export class Input {
  readonly fields: Fields;
  readonly #where: string;

  /**
   * Refuses parameter names that differ only in case, because the service and the backing server may use different
   * parameters.
   */
  constructor(fields: Fields, where = '') {
    this.fields = fields;
    this.#where = where;
    const folded = new Set(Object.keys(fields).map((name) => name.toLowerCase()));
    if (folded.size !== Object.keys(fields).length) {
      throw new UnmappedRequest(`${where === '' ? 'the request' : where} contains a parameter in two spellings`);
    }
  }

  has(name: string): boolean {
    return this.#value(name) !== undefined;
  }

  /** A non-empty text. */
  text(name: string): string | undefined {
    const value = this.#value(name);
    if (value === undefined) return undefined;
    if (typeof value !== 'string' || value === '') throw this.#odd(name, 'a text');
    return value;
  }

  /** A required text. */
  need(name: string): string {
    const value = this.text(name);
    if (value === undefined) throw new UnmappedRequest(`the parameter ${this.#path(name)} is missing`);
    return value;
  }

  /** A boolean, which may be written as a string. */
  flag(name: string): boolean | undefined {
    const value = this.#value(name);
    if (value === undefined) return undefined;
    if (value !== true && value !== false && value !== 'true' && value !== 'false') throw this.#odd(name, 'a flag');
    return value === true || value === 'true';
  }

  /** An integer in decimal digits, which may be written as a string. */
  whole(name: string): string | undefined {
    const value = this.#value(name);
    if (value === undefined) return undefined;
    const text = typeof value === 'number' ? String(value) : value;
    if (typeof text !== 'string' || !/^-?\d{1,15}$/.test(text)) throw this.#odd(name, 'a whole number');
    return text;
  }

  /**
   * The items of a list; empty if the list is absent. In the query protocols, items are named `Name.1`, `Name.member.1`
   * or `Name.Item.1`.
   * @param item the middle part of the name, if it is not `member`.
   */
  list(name: string, item = 'member'): readonly Json[] {
    const value = this.#value(name);
    if (value === undefined) return [];
    if (isList(value)) return value;
    if (typeof value !== 'object' || value === null) throw this.#odd(name, 'a list');
    const names = Object.keys(value);
    const [only] = names;
    const inner = names.length === 1 && (only === item || only === 'member') ? value[only] : value;
    if (typeof inner !== 'object' || inner === null || isList(inner)) throw this.#odd(name, 'a list');
    return Array.from({ length: Object.keys(inner).length }, (_, index) => {
      const found = inner[String(index + 1)];
      if (found === undefined) throw this.#odd(name, 'a list without gaps');
      return found;
    });
  }

  /** A list of non-empty texts. */
  texts(name: string, item?: string): readonly string[] {
    return this.list(name, item).map((value) => {
      if (typeof value !== 'string' || value === '') throw this.#odd(name, 'a list of texts');
      return value;
    });
  }

  /** A list of structures. */
  members(name: string, item?: string): readonly Input[] {
    return this.list(name, item).map((value, index) => this.#structure(value, `${name}.${index + 1}`));
  }

  /** One structure. */
  inner(name: string): Input | undefined {
    const value = this.#value(name);
    return value === undefined ? undefined : this.#structure(value, name);
  }

  /** A map of texts. */
  record(name: string): Readonly<Record<string, string>> {
    const value = this.#value(name);
    if (value === undefined) return {};
    if (typeof value !== 'object' || value === null || isList(value)) throw this.#odd(name, 'a map');
    const entries = Object.entries(value).map(([key, text]): [string, string] => {
      if (typeof text !== 'string') throw this.#odd(name, 'a map of texts');
      return [key, text];
    });
    return Object.fromEntries(entries);
  }

  #structure(value: Json, name: string): Input {
    if (typeof value !== 'object' || value === null || isList(value)) throw this.#odd(name, 'a structure');
    return new Input(value, this.#path(name));
  }

  #value(name: string): Json | undefined {
    const value = Object.hasOwn(this.fields, name) ? this.fields[name] : undefined;
    return value === null ? undefined : value;
  }

  #path(name: string): string {
    return this.#where === '' ? name : `${this.#where}.${name}`;
  }

  #odd(name: string, wanted: string): UnmappedRequest {
    return new UnmappedRequest(`the parameter ${this.#path(name)} is not ${wanted}`);
  }
}

/**
 * Converts parameters of the query protocols into structures: `Tags.member.1.Key=a` becomes `{ Tags: { member: { 1: {
 * Key: 'a' } } } }`.
 * @throws {UnmappedRequest} if a name is used both for a string and for a structure.
 */
export function nested(parameters: Readonly<Record<string, string>>): Fields {
  const root: Tree = Object.create(null);
  for (const [name, value] of Object.entries(parameters)) {
    const parts = name.split('.');
    const last = parts.pop() ?? '';
    let at = root;
    for (const part of parts) {
      const inner = at[part] ?? Object.create(null);
      if (typeof inner === 'string') throw twoShapes(name);
      at[part] = inner;
      at = inner;
    }
    if (last in at || parts.length > DEEPEST) throw twoShapes(name);
    at[last] = value;
  }
  return root;
}

const DEEPEST = 20;

interface Tree {
  [name: string]: string | Tree;
}

function twoShapes(name: string): UnmappedRequest {
  return new UnmappedRequest(`the parameter ${name} has two shapes`);
}

/** Whether a JSON value is a list. */
export function isList(value: Json): value is readonly Json[] {
  return Array.isArray(value);
}
