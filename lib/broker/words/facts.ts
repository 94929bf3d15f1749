/** Labeled facts, for a terminal and for a page. */

/**
 * A label with its lines. If a line has two parts, the second part is indented and wrapped behind the first part. All
 * texts are visible: they contain no invisible character.
 */
export interface Fact {
  readonly label: string;
  readonly lines: readonly (string | readonly [indent: string, text: string])[];
}
