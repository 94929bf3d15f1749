/** Lists that are written as words in one text. */

/** The words of a text, which white space separates. */
export function words(text: string): readonly string[] {
  return text.split(/\s+/).filter((word) => word !== '');
}
