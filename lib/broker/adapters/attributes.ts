/** Functions that write attributes of DynamoDB items, and functions that read and check such attributes. */
import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import type { ProjectionKey } from '@leasehold/documents';

/** An item as DynamoDB returns it. */
export type Item = Readonly<Record<string, AttributeValue>>;

/**
 * The error for an item that does not have the form that the broker writes, because another principal wrote or edited
 * the item. The message names the attribute, never the attribute's value.
 */
export class UnreadableItem extends Error {
  override readonly name = 'UnreadableItem';

  constructor(attribute: string) {
    super(`the attribute ${attribute} of an item is not as it was written`);
  }
}

/** A string attribute. */
export function text(value: string): AttributeValue {
  return { S: value };
}

/** A number attribute with a whole number. */
export function whole(value: number): AttributeValue {
  return { N: String(value) };
}

/** The key of an item in the projections table. */
export function keyOf({ pk, sk }: ProjectionKey): Record<string, AttributeValue> {
  return { pk: text(pk), sk: text(sk) };
}

/** Reads a string. @throws {UnreadableItem} */
export function readText(item: Item, attribute: string): string {
  const value = item[attribute]?.S;
  if (value === undefined) throw new UnreadableItem(attribute);
  return value;
}

/** Reads a non-negative whole number. @throws {UnreadableItem} */
export function readWhole(item: Item, attribute: string): number {
  const value = Number(item[attribute]?.N ?? Number.NaN);
  if (!Number.isSafeInteger(value) || value < 0) throw new UnreadableItem(attribute);
  return value;
}

/** Reads a list of strings. @throws {UnreadableItem} */
export function readTexts(item: Item, attribute: string): readonly string[] {
  const list = item[attribute]?.L;
  if (list === undefined) throw new UnreadableItem(attribute);
  return list.map(({ S: value }) => {
    if (value === undefined) throw new UnreadableItem(attribute);
    return value;
  });
}
