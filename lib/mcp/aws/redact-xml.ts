/**
 * Removes secrets from XML in text, even if the XML is incomplete or escaped. Each pattern reads each character at most
 * a fixed number of times.
 */
import { append } from '@leasehold/contract/any-length';
import { QUOTE } from './assigned-values';
import { isEnvironmentName, isNameMember, isSecretName, isValueMember } from './secret-names';
import { type Span, withoutSpans } from './spans';

/** A tag, either unescaped or escaped for XML or JSON. A match never includes the beginning of another tag. */
const TAG = /(?:<|&lt;|\\u003c)(\/?)([a-z_][\w.:-]*)(?![\w.:-])((?:(?!&[lg]t;|\\u003[ce])[^<>])*)(?:>|&gt;|\\u003e)/gi;

interface Tag {
  readonly name: string;
  /** The attributes, unparsed. */
  readonly rest: string;
  readonly isOpen: boolean;
  readonly start: number;
  readonly end: number;
  /** Index of the closing tag, if this is an opening tag and its element is closed. */
  close?: number;
}

/**
 * Returns the text without the contents of elements whose names, or whose names in attributes, indicate secrets, such
 * as `<Password>` and `<entry name="password">`, without values of pairs such as `<Key>db-password</Key><Value>…</Value>`
 * and `<key>password</key><string>…</string>`, and without environment variables.
 */
export function withoutXmlSecrets(text: string): string {
  const tags = tagsOf(text);
  const secrets: Span[] = [];
  /** The values in a record of elements that were read before a name was found. */
  let values: Span[] = [];
  let isPair = false;
  for (let index = 0; index < tags.length; index++) {
    const tag = tags[index] as Tag;
    const close = tag.close;
    const isLeaf = close === index + 1;
    // Without a closing tag, the value may end at the next tag.
    const content = { start: tag.end, end: tags[close ?? index + 1]?.start ?? text.length };
    if (tag.isOpen && isSecret(tag, isLeaf, isPair)) {
      secrets.push(content);
      index = close ?? index;
    } else if (isLeaf) {
      if (isValueMember(tag.name)) values.push(content);
      if (isNameMember(tag.name)) {
        isPair = isSecretName(text.slice(content.start, content.end).slice(-LONGEST_NAME));
        if (isPair) append(secrets, values.splice(0));
      }
      index = close;
    } else {
      isPair = false;
      values = [];
    }
  }
  return withoutSpans(text, secrets);
}

/** Maximum characters of the name in a pair. */
const LONGEST_NAME = 200;

/** Elements of property lists that contain the value of the `<key>` before them. */
const PROPERTY = /^(?:string|data|array|dict)$/;

/** The name of an environment, for example `prod`, is a text, and is kept. */
function isSecret({ name, rest, close }: Tag, isLeaf: boolean, isPair: boolean): boolean {
  if (isSecretName(name) || (isPair && (isValueMember(name) || PROPERTY.test(name)))) return true;
  if (hasSecretName(rest)) return true;
  return isEnvironmentName(name) && close !== undefined && !isLeaf;
}

const ATTRIBUTE = new RegExp(
  `(?<![\\w.:-])([\\w.:-]+)\\s{0,20}(?:=|\\\\{1,8}u003[dD])\\s{0,20}(${QUOTE})([^"'\\\\&]{1,${LONGEST_NAME}})`,
  'g',
);

/** Whether an attribute such as `name` or `key` indicates that the content of the element is secret. */
function hasSecretName(attributes: string): boolean {
  for (const { 1: name = '', 3: value = '' } of attributes.matchAll(ATTRIBUTE)) {
    if (isNameMember(name) && isSecretName(value)) return true;
  }
  return false;
}

function tagsOf(text: string): readonly Tag[] {
  const tags: Tag[] = [];
  const open = new Map<string, Tag[]>();
  for (const { index: start, 0: whole, 1: slash, 2: name = '', 3: rest = '' } of text.matchAll(TAG)) {
    if (slash === '' && rest.endsWith('/')) continue;
    const tag: Tag = { name, rest, isOpen: slash === '', start, end: start + whole.length };
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
