/** Attributes of items in DynamoDB, read as strictly as they are written. */
import type { AttributeValue } from '@aws-sdk/client-dynamodb';

/** An item as DynamoDB sends it. */
export type Item = Readonly<Record<string, AttributeValue>>;

/** An item that is not as the broker writes it: somebody else wrote it, or it was edited. Names where, never what. */
export class UnreadableItem extends Error {
  override readonly name = 'UnreadableItem';

  constructor(attribute: string) {
    super(`the attribute ${attribute} of an item is not as it was written`);
  }
}

/** A text. */
export function text(value: string): AttributeValue {
  return { S: value };
}

/** A whole number. */
export function whole(value: number): AttributeValue {
  return { N: String(value) };
}

/** Reads a text. @throws {UnreadableItem} */
export function readText(item: Item, attribute: string): string {
  const value = item[attribute]?.S;
  if (value === undefined) throw new UnreadableItem(attribute);
  return value;
}

/** Reads a whole number that is not negative. @throws {UnreadableItem} */
export function readWhole(item: Item, attribute: string): number {
  const value = Number(item[attribute]?.N ?? Number.NaN);
  if (!Number.isSafeInteger(value) || value < 0) throw new UnreadableItem(attribute);
  return value;
}

/** Reads a list of texts. @throws {UnreadableItem} */
export function readTexts(item: Item, attribute: string): readonly string[] {
  const list = item[attribute]?.L;
  if (list === undefined) throw new UnreadableItem(attribute);
  return list.map(({ S: value }) => {
    if (value === undefined) throw new UnreadableItem(attribute);
    return value;
  });
}
