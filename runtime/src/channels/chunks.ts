/** Splits long requests for channels that limit the length of a message. */
import { channelFailed } from './question';

/**
 * Splits lines into texts of at most `longest` UTF-16 code units. The split is between lines, or inside a line that is
 * too long. Nothing is omitted: a request that needs more than `most` texts is refused, because an approver must see
 * the whole request.
 *
 * @throws LeaseError `channel-failed`
 */
export function chunks(lines: readonly string[], longest: number, most: number): readonly string[] {
  const texts: string[] = [];
  for (const line of lines.flatMap((each) => pieces(each, longest))) {
    const last = texts.at(-1);
    if (last !== undefined && last.length + 1 + line.length <= longest) texts[texts.length - 1] = `${last}\n${line}`;
    else texts.push(line);
  }
  if (texts.length <= most) return texts;
  throw channelFailed(
    'the request is too long to be shown whole',
    'Request a role with fewer permissions, or use another approval channel.',
    false,
  );
}

function pieces(line: string, longest: number): readonly string[] {
  const parts: string[] = [''];
  for (const char of line) {
    const last = parts.at(-1) ?? '';
    if (last.length + char.length <= longest) parts[parts.length - 1] = last + char;
    else parts.push(char);
  }
  return parts;
}
