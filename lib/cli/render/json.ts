/** Data as JSON text. */

/** JSON text indented by two spaces, with a final line break. */
export function jsonText(value: unknown): string {
  return `${JSON.stringify(value, undefined, 2)}\n`;
}
