/** Parses lists that are written as one string of words. */

/** The words in a text, separated by white space. */
export function words(text: string): readonly string[] {
  return text.split(/\s+/).filter((word) => word !== '');
}
