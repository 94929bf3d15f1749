/** Reads untrusted JSON field by field, and reports the location of every invalid value. */

/** Creates the error for an invalid value. The error states the location of the value. */
export type Complain = (place: string, expected: string, found: unknown) => Error;

/** A value at a place in a document. */
export class Field {
  constructor(
    readonly value: unknown,
    readonly place: string,
    private readonly complain: Complain,
  ) {}

  /** Reads a non-empty string of at most this many characters. */
  text(longest = 4096): string {
    const { value } = this;
    if (typeof value === 'string' && value.length > 0 && value.length <= longest) return value;
    throw this.wrong(`a text of 1 to ${longest} characters`);
  }

  /** Reads one of the given strings. */
  oneOf<T extends string>(texts: readonly T[]): T {
    const found = texts.find((text) => text === this.value);
    if (found !== undefined) return found;
    throw this.wrong(texts.map((text) => `"${text}"`).join(' or '));
  }

  /** Reads a list. Each element is read with `read`. */
  list<T>(read: (element: Field) => T): readonly T[] {
    const { value } = this;
    if (!Array.isArray(value)) throw this.wrong('a list');
    return Object.freeze(Array.from(value, (_, index) => read(this.inner(index))));
  }

  /** A required field of an object. */
  at(key: string): Field {
    const { value } = this;
    if (!isRecord(value)) throw this.wrong('an object');
    return this.inner(key);
  }

  /** A field of an object. Undefined if the field is absent. */
  optional(key: string): Field | undefined {
    const field = this.at(key);
    return field.value === undefined ? undefined : field;
  }

  /** Reads every field of an object; keys and order are kept. */
  entries<T>(read: (field: Field, key: string) => T): Readonly<Record<string, T>> {
    const { value } = this;
    if (!isRecord(value)) throw this.wrong('an object');
    const fields = Object.keys(value).map((key) => [key, read(this.inner(key), key)] as const);
    // Object.fromEntries alone is not sufficient: a key `__proto__` must remain a key, and lookups must not find
    // `toString`.
    const record: Record<string, T> = Object.create(null);
    for (const [key, field] of fields) Object.defineProperty(record, key, { value: field, enumerable: true });
    return Object.freeze(record);
  }

  /** An error about this field. */
  wrong(expected: string): Error {
    return this.complain(this.place, expected, this.value);
  }

  /** The value at a key or index. Undefined if there is none. */
  inner(step: PropertyKey): Field {
    const { value, place } = this;
    const found = typeof value === 'object' && value !== null && Object.hasOwn(value, step);
    const where = typeof step === 'number' ? `[${step}]` : dotted(String(step));
    return new Field(found ? Reflect.get(value, step) : undefined, `${place}${where}`, this.complain);
  }
}

/** Whether a value is an object with keys, not a list or null. */
export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Describes a value in a few words for a message. Only the content of a short string is shown. */
export function described(value: unknown): string {
  if (value === undefined) return 'missing';
  if (value === null) return 'null';
  if (Array.isArray(value)) return `a list of ${value.length}`;
  if (typeof value === 'string') return value === '' ? 'an empty text' : JSON.stringify(value.slice(0, 60));
  return typeof value === 'object' ? 'an object' : String(value);
}

function dotted(key: string): string {
  return /^[\w-]+$/.test(key) ? `.${key}` : `[${JSON.stringify(key)}]`;
}
