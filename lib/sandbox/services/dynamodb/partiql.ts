/**
 * Reads the subset of PartiQL whose meaning is unambiguous: statements on one table, with conditions joined by AND.
 * Source: https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/ql-reference.html
 */
import { defined } from '@leasehold/contract/defined';
import type { Json } from '../../wire/read';
import { type Token, tokensOf, unreadable } from './partiql-tokens';

/** The action of a statement, and its target. */
export interface PartiQl {
  readonly action: 'PartiQLSelect' | 'PartiQLInsert' | 'PartiQLUpdate' | 'PartiQLDelete';
  readonly table: string;
  readonly index?: string;
  /** Every top-level attribute in the statement, except the attributes of an inserted item. */
  readonly attributes: readonly string[];
  /** Attributes that must be equal to a value, in DynamoDB JSON. */
  readonly equal: ReadonlyMap<string, Json>;
  /** The inserted item. */
  readonly item?: Readonly<Record<string, Json>>;
  /** True if the statement lists the attributes to read. False if it uses `*`. */
  readonly projects: boolean;
  /** The value of `RETURNING`, for example `ALL_OLD`. */
  readonly returning?: string;
}

/**
 * Reads a statement with its parameters.
 * @throws {UnmappedRequest} for all unsupported syntax: OR, NOT, IN, subqueries, comments, several statements.
 */
export function readPartiQl(statement: string, parameters: readonly Json[]): PartiQl {
  const reader = new Reader(tokensOf(statement), parameters);
  const found = reader.statement();
  if (!reader.done) throw unreadable();
  return found;
}

class Reader {
  readonly #tokens: readonly Token[];
  readonly #parameters: readonly Json[];
  readonly #attributes = new Set<string>();
  readonly #equal = new Map<string, Json>();
  #at = 0;
  #used = 0;

  constructor(tokens: readonly Token[], parameters: readonly Json[]) {
    this.#tokens = tokens;
    this.#parameters = parameters;
  }

  get done(): boolean {
    return this.#at === this.#tokens.length && this.#used === this.#parameters.length;
  }

  statement(): PartiQl {
    if (this.#takes('SELECT')) return this.#select();
    if (this.#takes('INSERT')) return this.#insert();
    if (this.#takes('UPDATE')) return this.#update();
    if (this.#takes('DELETE')) return this.#delete();
    throw unreadable();
  }

  #select(): PartiQl {
    const projects = !this.#takes('*');
    if (projects) {
      do this.#path();
      while (this.#takes(','));
    }
    this.#must('FROM');
    const table = this.#name();
    const index = this.#takes('.') ? this.#name() : undefined;
    if (this.#takes('WHERE')) this.#conditions();
    if (this.#takes('ORDER')) {
      this.#must('BY');
      do {
        this.#path();
        if (!this.#takes('ASC')) this.#takes('DESC');
      } while (this.#takes(','));
    }
    return { ...this.#found('PartiQLSelect', table), projects, ...defined({ index }) };
  }

  #insert(): PartiQl {
    this.#must('INTO');
    const table = this.#name();
    this.#must('VALUE');
    const value = this.#value();
    const item = value !== null && typeof value === 'object' && 'M' in value ? value.M : undefined;
    if (item === undefined || item === null || typeof item !== 'object' || Array.isArray(item)) throw unreadable();
    return { ...this.#found('PartiQLInsert', table), item: item as Readonly<Record<string, Json>> };
  }

  #update(): PartiQl {
    const table = this.#name();
    let changes = 0;
    for (; ; changes++) {
      if (this.#takes('SET')) {
        do {
          this.#path();
          this.#must('=');
          this.#operand();
        } while (this.#takes(','));
      } else if (this.#takes('REMOVE')) this.#path();
      else break;
    }
    if (changes === 0) throw unreadable();
    this.#must('WHERE');
    this.#conditions();
    return { ...this.#found('PartiQLUpdate', table), ...this.#returning() };
  }

  #delete(): PartiQl {
    this.#must('FROM');
    const table = this.#name();
    this.#must('WHERE');
    this.#conditions();
    return { ...this.#found('PartiQLDelete', table), ...this.#returning() };
  }

  #found(action: PartiQl['action'], table: string): PartiQl {
    return { action, table, attributes: [...this.#attributes].toSorted(), equal: this.#equal, projects: false };
  }

  #returning(): Pick<PartiQl, 'returning'> {
    if (!this.#takes('RETURNING')) return {};
    const which = this.#word(['ALL', 'MODIFIED']);
    const when = this.#word(['OLD', 'NEW']);
    this.#must('*');
    return { returning: `${which === 'MODIFIED' ? 'UPDATED' : which}_${when}` };
  }

  #conditions(): void {
    do this.#condition();
    while (this.#takes('AND'));
  }

  #condition(): void {
    if (this.#function(['begins_with', 'contains', 'attribute_type'])) return;
    const path = this.#path();
    if (this.#takes('IS')) {
      this.#takes('NOT');
      this.#word(['MISSING', 'NULL']);
      return;
    }
    if (this.#takes('BETWEEN')) {
      this.#value();
      this.#must('AND');
      this.#value();
      return;
    }
    const sign = this.#word(['=', '<>', '!=', '<=', '>=', '<', '>']);
    const value = this.#value();
    if (sign !== '=' || path.nested) return;
    if (this.#equal.has(path.name)) throw unreadable();
    this.#equal.set(path.name, value);
  }

  /** A function with a path and a value as arguments. */
  #function(names: readonly string[]): boolean {
    const name = this.#peek();
    if (name?.kind !== 'word' || !names.includes(name.text.toLowerCase()) || this.#peek(1)?.text !== '(') return false;
    this.#at += 2;
    this.#path();
    this.#must(',');
    this.#value();
    this.#must(')');
    return true;
  }

  /** The operand of an update: values, paths and function calls, joined by operators. */
  #operand(depth = 0): void {
    if (depth > DEEPEST) throw unreadable();
    do {
      const token = this.#peek();
      const called = token?.kind === 'word' && this.#peek(1)?.text === '(';
      if (called) {
        this.#word(['LIST_APPEND', 'SET_ADD', 'SET_DELETE', 'IF_NOT_EXISTS']);
        this.#must('(');
        this.#operand(depth + 1);
        this.#must(',');
        this.#operand(depth + 1);
        this.#must(')');
      } else if ((token?.kind === 'word' && !LITERAL.test(token.text)) || token?.kind === 'quoted') this.#path();
      else this.#value();
    } while (this.#takes('+') || this.#takes('-'));
  }

  /** A path. Its first step is the attribute. */
  #path(): { readonly name: string; readonly nested: boolean } {
    const name = this.#name();
    this.#attributes.add(name);
    let nested = false;
    for (; ; nested = true) {
      if (this.#takes('.')) this.#name();
      else if (this.#takes('[')) {
        if (!/^\d+$/.test(this.#next('number').text)) throw unreadable();
        this.#must(']');
      } else return { name, nested };
    }
  }

  /** A literal or a parameter, in DynamoDB JSON. */
  #value(depth = 0): Json {
    if (depth > DEEPEST) throw unreadable();
    const token = this.#peek();
    this.#at++;
    if (token?.kind === 'text') return { S: token.text };
    if (token?.kind === 'number') return { N: token.text };
    if (token?.kind === 'word' && LITERAL.test(token.text)) return { BOOL: token.text.toLowerCase() === 'true' };
    if (token?.text === '?' && this.#used < this.#parameters.length) return this.#parameters[this.#used++] ?? null;
    if (token?.kind === 'sign' && token.text === '{') return this.#map(depth + 1);
    if (token?.kind === 'sign' && token.text === '[') return this.#list(depth + 1);
    throw unreadable();
  }

  #map(depth: number): Json {
    const map: { [name: string]: Json } = Object.create(null);
    if (this.#takes('}')) return { M: map };
    do {
      const name = this.#next('text').text;
      this.#must(':');
      if (name in map) throw unreadable();
      map[name] = this.#value(depth);
    } while (this.#takes(','));
    this.#must('}');
    return { M: map };
  }

  #list(depth: number): Json {
    const items: Json[] = [];
    if (this.#takes(']')) return { L: items };
    do items.push(this.#value(depth));
    while (this.#takes(','));
    this.#must(']');
    return { L: items };
  }

  /** A name: quoted text, or a word that is not a keyword. */
  #name(): string {
    const token = this.#peek();
    this.#at++;
    if (token?.kind === 'quoted' || (token?.kind === 'word' && !WORDS.test(token.text))) return token.text;
    throw unreadable();
  }

  #peek(ahead = 0): Token | undefined {
    return this.#tokens[this.#at + ahead];
  }

  #next(kind: Token['kind']): Token {
    const token = this.#peek();
    this.#at++;
    if (token?.kind !== kind) throw unreadable();
    return token;
  }

  #takes(text: string): boolean {
    const token = this.#peek();
    const found = (token?.kind === 'word' || token?.kind === 'sign') && token.text.toUpperCase() === text;
    if (found) this.#at++;
    return found;
  }

  #must(text: string): void {
    if (!this.#takes(text)) throw unreadable();
  }

  #word(words: readonly string[]): string {
    const word = words.find((candidate) => this.#takes(candidate));
    if (word === undefined) throw unreadable();
    return word;
  }
}

/**
 * Maximum nesting depth of a value: https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/ServiceQuotas.html
 */
const DEEPEST = 32;

const LITERAL = /^(true|false)$/i;
const WORDS =
  /^(all|and|as|between|by|delete|exists|from|in|insert|into|is|like|missing|not|null|or|order|remove|returning|select|set|true|false|union|update|value|values|where)$/i;
