/** Lists in sentences. */

/** How a list is written. */
export interface ListOptions {
  /** The word before the last entry. @default none: a comma, as between the other entries */
  readonly last?: 'and' | 'or';
  /** Maximum number of entries that the list shows; further entries are only counted. @default all */
  readonly most?: number;
}

/** A list in words: `a, b and c`; with more than `most` entries, `a, b and 3 more`. Empty if there are no entries. */
export function listInWords(items: readonly string[], { last, most = items.length }: ListOptions = {}): string {
  if (items.length > most) return `${items.slice(0, most).join(', ')} ${last ?? 'and'} ${items.length - most} more`;
  if (last === undefined || items.length < 2) return items.join(', ');
  return `${items.slice(0, -1).join(', ')} ${last} ${items.at(-1)}`;
}
