/** Data as JSON text. */
import { visibleJson } from '@leasehold/contract/text';

/**
 * JSON text indented by two spaces, with a final line break. Invisible characters are escaped, because the text may be
 * shown in a terminal.
 */
export function jsonText(value: unknown): string {
  return `${visibleJson(JSON.stringify(value, undefined, 2))}\n`;
}
