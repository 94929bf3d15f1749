/** Labeled facts, for a terminal and for a web page. */

/**
 * A label with its lines. If a line has two parts, the second part is indented and wrapped after the first part. All
 * text is visible: it contains no invisible characters.
 */
export interface Fact {
  readonly label: string;
  readonly lines: readonly (string | readonly [indent: string, text: string])[];
}
