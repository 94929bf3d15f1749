/** Escapes text inside a Mermaid diagram. */

/**
 * A text for a quoted label. Every character that is syntax in Mermaid, Markdown or HTML becomes an entity code, and so
 * does `@`, which would mention people where a diagram appears in a comment. Source:
 * https://mermaid.js.org/syntax/flowchart.html#entity-codes-to-escape-characters
 */
export function mermaidText(text: string): string {
  return text.replace(UNQUOTABLE, (char) => `#${char.codePointAt(0)};`);
}

const UNQUOTABLE = /[^\p{L}\p{M}\p{N} ,.:/_=+()$!?*-]/gu;
