/**
 * Removes secrets from XML in text, even if the XML is incomplete or escaped. Each pattern reads a character
 * only a fixed number of times.
 */
import { REMOVED } from '../secrets';
import { isEnvironmentName, isSecretName } from './secret-names';

/** A tag, either unescaped or escaped for XML or JSON. A match never includes the beginning of another tag. */
const TAG = /(?:<|&lt;|\\u003c)(\/?)([a-z_][\w.:-]*)(?![\w.:-])((?:(?!&[lg]t;|\\u003[ce])[^<>])*)(?:>|&gt;|\\u003e)/gi;

interface Tag {
  readonly name: string;
  readonly isOpen: boolean;
  readonly start: number;
  readonly end: number;
  /** Index of the closing tag, if this is an opening tag and its element is closed. */
  close?: number;
}

/**
 * Returns the text without the contents of elements whose names indicate secrets, such as `<Password>`, without values
 * of pairs such as `<Key>db-password</Key><Value>…</Value>`, and without environment variables.
 */
export function withoutXmlSecrets(text: string): string {
  const tags = tagsOf(text);
  const parts: string[] = [];
  let kept = 0;
  let isPair = false;
  for (let index = 0; index < tags.length; index++) {
    const tag = tags[index] as Tag;
    const close = tag.close;
    const isLeaf = close === index + 1;
    if (tag.isOpen && isSecret(tag, isLeaf, isPair)) {
      // Without a closing tag, the value may end at the next tag.
      const until = (close === undefined ? tags[index + 1]?.start : tags[close]?.start) ?? text.length;
      if (until > tag.end) parts.push(text.slice(kept, tag.end), REMOVED);
      else parts.push(text.slice(kept, until));
      kept = until;
      index = close ?? index;
    } else if (isLeaf) {
      if (/(?:name|key)$/i.test(tag.name)) isPair = isSecretName(text.slice(tag.end, tags[index + 1]?.start));
      index = close;
    } else isPair = false;
  }
  return `${parts.join('')}${text.slice(kept)}`;
}

/** The name of an environment, for example `prod`, is a text, and is kept. */
function isSecret({ name, close }: Tag, isLeaf: boolean, isPair: boolean): boolean {
  if (isSecretName(name) || (isPair && /values?$/i.test(name))) return true;
  return isEnvironmentName(name) && close !== undefined && !isLeaf;
}

function tagsOf(text: string): readonly Tag[] {
  const tags: Tag[] = [];
  const open = new Map<string, Tag[]>();
  for (const { index: start, 0: whole, 1: slash, 2: name = '', 3: rest = '' } of text.matchAll(TAG)) {
    if (slash === '' && rest.endsWith('/')) continue;
    const tag: Tag = { name, isOpen: slash === '', start, end: start + whole.length };
    const opened = open.get(name) ?? [];
    open.set(name, opened);
    if (tag.isOpen) opened.push(tag);
    else closeLast(opened, tags.length);
    tags.push(tag);
  }
  return tags;
}

function closeLast(opened: Tag[], index: number): void {
  const last = opened.pop();
  if (last !== undefined) last.close = index;
}
