/** Finds one section of a Markdown page by the anchor that GitHub generates for its heading. */

/**
 * The section below the heading with the given anchor, up to the next heading of the same or a higher level.
 * Undefined if there is no such heading.
 */
export function sectionOf(page: string, anchor: string): string | undefined {
  const lines = page.split('\n');
  const headings = headingsOf(lines);
  const start = headings.find((heading) => heading.anchor === anchor);
  if (start === undefined) return undefined;
  const end = headings.find(({ line, level }) => line > start.line && level <= start.level);
  return `${lines.slice(start.line, end?.line).join('\n').trimEnd()}\n`;
}

interface Heading {
  readonly line: number;
  readonly level: number;
  readonly anchor: string;
}

function headingsOf(lines: readonly string[]): readonly Heading[] {
  let fenced = false;
  return lines.flatMap((text, line) => {
    if (/^\s*```/.test(text)) fenced = !fenced;
    const [, marks, title] = /^(#{1,6}) (.*)$/.exec(text) ?? [];
    if (fenced || marks === undefined || title === undefined) return [];
    return [{ line, level: marks.length, anchor: anchorOf(title) }];
  });
}

/**
 * The anchor that GitHub generates for a heading. Source:
 * https://docs.github.com/en/get-started/writing-on-github/getting-started-with-writing-and-formatting-on-github/basic-writing-and-formatting-syntax#section-links
 */
function anchorOf(title: string): string {
  return title
    .trim()
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\s_-]/gu, '')
    .replaceAll(' ', '-');
}
