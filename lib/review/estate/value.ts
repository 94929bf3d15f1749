/** A value of a plan, together with its unknown and sensitive parts. */
import { sameValue } from '../diff/equal-values';
import type { Read } from '../model';
import { Unread } from '../model';
import { keysOf, own } from '../plan/plan';

export const AFTER_APPLY = 'known only after apply';
export const WITHHELD = 'sensitive, and withheld';

/** The value at the same path on the other side of the plan. */
export interface Other {
  readonly side: 'before' | 'after';
  readonly value: unknown;
}

/**
 * A value or a part of a value. If a whole value is unknown or sensitive, all its parts are unknown or sensitive too.
 * Sensitive values are never shown. The review shows only that a sensitive value changed.
 */
export class Value {
  constructor(
    private readonly value: unknown,
    private readonly unknown: unknown = false,
    private readonly sensitive: unknown = false,
    private readonly other: Other | undefined = undefined,
  ) {}

  /** The attribute or element with the given key. */
  at(key: string | number): Value {
    const { other } = this;
    return new Value(
      part(this.value, key),
      inherit(this.unknown, key),
      inherit(this.sensitive, key),
      other && { side: other.side, value: part(other.value, key) },
    );
  }

  /** The complete value. `null` is returned as `undefined`. */
  read(): Read<unknown> {
    if (holdsTrue(this.unknown)) return { kind: 'unknown', why: AFTER_APPLY };
    if (holdsTrue(this.sensitive)) return { kind: 'unknown', why: this.marked(WITHHELD) };
    return { kind: 'known', value: this.value ?? undefined };
  }

  /** The reason why the value cannot be read. The wording depends on whether the value changed. */
  marked(why: string): string {
    const { other } = this;
    if (other?.side !== 'before' || other.value === undefined || isSame(other.value, this.value)) return why;
    return `${why}; it changes`;
  }

  /**
   * The value as a string. Undefined if the value is absent or empty. A value that is not a string counts as unknown.
   */
  text(): Read<string | undefined> {
    const read = this.read();
    if (read.kind === 'unknown') return read;
    const { value } = read;
    if (value === undefined || value === '') return { kind: 'known', value: undefined };
    return typeof value === 'string'
      ? { kind: 'known', value }
      : { kind: 'unknown', why: `expected a text, got ${typeof value}` };
  }

  /** The elements of a list, each of which may be unknown. Empty if the value is absent. */
  elements(): Read<readonly Value[]> {
    if (this.unknown === true) return { kind: 'unknown', why: AFTER_APPLY };
    if (this.sensitive === true) return { kind: 'unknown', why: this.marked(WITHHELD) };
    const { value } = this;
    if (value === null || value === undefined) return { kind: 'known', value: [] };
    if (!Array.isArray(value)) return { kind: 'unknown', why: `expected a list, got ${typeof value}` };
    return { kind: 'known', value: value.map((_, index) => this.at(index)) };
  }

  /**
   * The value in the form of {@link Watched}: `Unread` replaces unknown and sensitive parts. If a sensitive part
   * changes, {@link WITHHELD} replaces it in the value before the plan.
   */
  shown(): unknown {
    return show(this.value, this.unknown, this.sensitive, this.other);
  }
}

function part(value: unknown, key: string | number): unknown {
  if (Array.isArray(value)) return typeof key === 'number' ? (value[key] as unknown) : undefined;
  return own(value, String(key));
}

function inherit(flags: unknown, key: string | number): unknown {
  return flags === true ? true : part(flags, key);
}

function holdsTrue(flags: unknown): boolean {
  if (flags === true) return true;
  if (typeof flags !== 'object' || flags === null) return false;
  return Object.values(flags).some(holdsTrue);
}

function show(value: unknown, unknown: unknown, sensitive: unknown, other: Other | undefined): unknown {
  if (unknown === true) return Unread;
  if (sensitive === true) return other?.side === 'after' && !isSame(other.value, value) ? WITHHELD : Unread;
  if (!holdsTrue(unknown) && !holdsTrue(sensitive)) return value;
  const deeper = (key: string | number) =>
    show(
      part(value, key),
      part(unknown, key),
      part(sensitive, key),
      other && { side: other.side, value: part(other.value, key) },
    );
  if (Array.isArray(value)) return value.map((_, index) => deeper(index));
  const keys = new Set([...keysOf(value), ...keysOf(unknown), ...keysOf(sensitive)]);
  const shown = [...keys].map((key): [string, unknown] => [key, deeper(key)]);
  return Object.fromEntries(shown.filter(([, each]) => each !== undefined));
}

function isSame(one: unknown, other: unknown): boolean {
  return sameValue(one ?? null, other ?? null);
}
