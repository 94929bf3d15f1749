/** Text inside a Mermaid diagram. */

/**
 * A text for a quoted label: whatever Mermaid, Markdown or HTML could read as syntax becomes an entity code, and so does
 * `@`, which mentions people where a diagram ends up in a comment.
 * Source: https://mermaid.js.org/syntax/flowchart.html#entity-codes-to-escape-characters
 */
export function mermaidText(text: string): string {
  return text.replace(UNQUOTABLE, (char) => `#${char.codePointAt(0)};`);
}

const UNQUOTABLE = /[^\p{L}\p{M}\p{N} ,.:/_=+()$!?*-]/gu;
