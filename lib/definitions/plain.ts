/** Converts a YAML document to plain data, and reports YAML features that definitions do not support. */
import { firstUnseen } from '@leasehold/contract/text';
import { type Alias, isAlias, isMap, isScalar, type Pair, type ParsedNode, type Scalar } from 'yaml';
import type { Complaint, Complaints } from './complaints';
import type { Tree } from './compose';
import { MAX_ALIASED_VALUES } from './limits';
import type { Source } from './source';

/** Placeholder for a value whose error was already reported. */
export const BROKEN: unique symbol = Symbol('broken');

/**
 * The YAML 1.1 merge key, which copies one mapping into another. The key is rejected, and its value in the data is
 * the placeholder `BROKEN`.
 */
export const MERGE_KEY = '<<';

/** A number that is not in YAML's canonical notation: `012`, `0x1F`, `1e3`, `1.0`, `.inf`. */
export class OddNumber {
  constructor(
    /** The text in the file. */
    readonly written: string,
    /** The number that the text represents in YAML. */
    readonly read: number,
  ) {}
}

/**
 * The document as strings, numbers, booleans, null, arrays and objects without a prototype, and {@link BROKEN} and
 * {@link OddNumber}. For a duplicate key, the first value is kept. Aliased values are shared, not copied. `sound` means
 * that no error was reported.
 */
export function toPlain(tree: Tree, source: Source, complaints: Complaints): { value: unknown; sound: boolean } {
  const conversion = new Conversion(source, complaints);
  const value = conversion.document(tree);
  return { value, sound: conversion.sound };
}

interface Anchored {
  value: unknown;
  /** Number of values in the anchored value; 0 while the value is still being read. */
  size: number;
}

class Conversion {
  sound = true;
  private readonly anchors = new Map<string, Anchored>();
  private values = 0;
  private aliased = 0;

  constructor(
    private readonly source: Source,
    private readonly complaints: Complaints,
  ) {}

  document(tree: Tree): unknown {
    const { yaml, tags } = tree.directives;
    if ((yaml.explicit === true && yaml.version !== '1.2') || Object.keys(tags).length > 1) {
      this.sound = false;
      this.complaints.add(this.source.range(0, 1), {
        id: 'yaml-directive',
        message: 'This file changes how YAML is read, by a line that begins with `%`.',
        expected: 'YAML 1.2 without directives',
        hint: 'Remove the line that begins with `%`.',
      });
      return BROKEN;
    }
    return tree.contents === null ? null : this.node(tree.contents);
  }

  private node(node: ParsedNode): unknown {
    if (isAlias(node)) return this.alias(node);
    const anchored: Anchored = { value: BROKEN, size: 0 };
    if (node.anchor !== undefined) this.anchors.set(node.anchor, anchored);
    const before = this.values;
    this.values += 1;
    let value: unknown;
    if (node.tag !== undefined) value = this.tagged(node);
    else if (isScalar(node)) value = this.scalar(node);
    else if (isMap(node)) value = this.map(node.items as readonly Pair<ParsedNode, ParsedNode | null>[]);
    else value = node.items.map((item) => this.node(item as ParsedNode));
    anchored.value = value;
    anchored.size = this.values - before;
    return value;
  }

  private scalar(node: Scalar.Parsed): unknown {
    const { value } = node;
    // An escape such as `"\u202e"` is rejected too; literal characters were rejected when the file was read.
    const unseen = typeof value === 'string' ? firstUnseen(value) : undefined;
    if (unseen !== undefined) {
      return this.broken(node, {
        id: 'control-character',
        message: `This text contains the invisible character ${unseen.code}.`,
        hint: 'Write the text without it.',
      });
    }
    if (typeof value === 'number' && node.source !== String(value)) return new OddNumber(node.source ?? '', value);
    return value;
  }

  private map(pairs: readonly Pair<ParsedNode, ParsedNode | null>[]): Record<string, unknown> {
    // In an object without a prototype, `constructor` and `__proto__` are ordinary keys.
    const record: Record<string, unknown> = Object.create(null);
    const places = new Map<string, ParsedNode>();
    for (const { key, value } of pairs) {
      const name = this.key(key);
      if (name === undefined) {
        // Keeps the merge key, so that later checks know that keys may be missing.
        if (isScalar(key) && key.value === MERGE_KEY) record[MERGE_KEY] = BROKEN;
        continue;
      }
      const first = places.get(name);
      if (first !== undefined) {
        const { line } = this.source.range(first.range[0], first.range[1]);
        this.broken(key, {
          id: 'duplicate-key',
          message: `The key \`${name}\` is in this mapping twice, first on line ${line}.`,
          hint: 'Combine both values under one key; if the values contradict each other, keep the value that permits less.',
        });
        continue;
      }
      places.set(name, key);
      record[name] = value === null ? null : this.node(value);
    }
    return record;
  }

  /** The text of a key, or undefined if the key is invalid. */
  private key(key: ParsedNode): string | undefined {
    if (!isScalar(key) || key.tag !== undefined || key.anchor !== undefined || typeof key.value !== 'string') {
      const shownKey = isScalar(key) && key.source !== undefined ? `The key \`${key.source}\`` : 'This key';
      this.broken(key, {
        id: 'key-not-text',
        message: `${shownKey} is not plain text.`,
        expected: 'a text, without a tag, an anchor or an alias',
        hint: 'Write the name of a key; put it in quotes if YAML reads it as a number, a boolean or null.',
      });
      return undefined;
    }
    if (key.value === MERGE_KEY) {
      this.broken(key, {
        id: 'merge-key',
        message: 'Merge keys (`<<`) belong to YAML 1.1 and are not supported.',
        hint: 'Write the keys out, or give the whole value an anchor (`&name`) and repeat it with an alias (`*name`).',
      });
      return undefined;
    }
    if (key.value === '__proto__' || firstUnseen(key.value) !== undefined) {
      this.broken(key, {
        id: 'unknown-key',
        message: key.value === '__proto__' ? '`__proto__` is not a key.' : 'This key contains an invisible character.',
        hint: 'Remove it.',
      });
      return undefined;
    }
    return key.value;
  }

  private alias(node: Alias.Parsed): unknown {
    const anchored = this.anchors.get(node.source);
    if (anchored === undefined || anchored.size === 0) {
      const why = anchored === undefined ? 'names an anchor that is not set above it' : 'is inside its own anchor';
      return this.broken(node, {
        id: 'unknown-alias',
        message: `The alias \`*${node.source}\` ${why}.`,
        hint: `Set \`&${node.source}\` on an earlier value, or write the value out.`,
      });
    }
    this.values += anchored.size;
    this.aliased += anchored.size;
    if (this.aliased <= MAX_ALIASED_VALUES) return anchored.value;
    const first = this.aliased - anchored.size <= MAX_ALIASED_VALUES;
    if (!first) return BROKEN;
    return this.broken(node, {
      id: 'alias-limit',
      message: `Up to this alias, the aliases of this document add more than ${MAX_ALIASED_VALUES} values to the document.`,
      hint: 'Write the values in full, and do not use aliases inside anchored values.',
    });
  }

  private tagged(node: ParsedNode): unknown {
    return this.broken(node, {
      id: 'yaml-tag',
      message: `The YAML tag \`${node.tag?.replace('tag:yaml.org,2002:', '!!')}\` is not supported: definitions are plain data.`,
      hint: 'Remove the tag; if a value must be text, put it in quotes.',
    });
  }

  private broken(node: ParsedNode, complaint: Complaint): typeof BROKEN {
    const [start, end] = node.range;
    this.sound = false;
    this.complaints.add(this.source.range(start, Math.max(end, start + 1)), complaint);
    return BROKEN;
  }
}
