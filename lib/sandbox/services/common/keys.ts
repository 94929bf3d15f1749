/** Condition keys that many services share. */
import { type Context, UnmappedRequest } from '../../service-mapping';
import type { Input } from './input';
import type { Keys } from './table';

/**
 * `aws:RequestTag/…` and `aws:TagKeys` for the tags that a request sets.
 * Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/access_tags.html
 */
export function requestTags(tags: Readonly<Record<string, string>>): Context {
  const names = Object.keys(tags);
  if (names.length === 0) return {};
  return {
    ...tagKeys(names),
    ...Object.fromEntries(names.map((name) => [`aws:RequestTag/${name}`, tags[name] ?? ''])),
  };
}

/** `aws:TagKeys`. Condition keys are case-insensitive, so two tags that differ only in case are refused. */
export function tagKeys(names: readonly string[]): Context {
  if (new Set(names.map((name) => name.toLowerCase())).size !== names.length) {
    throw new UnmappedRequest('two tags differ only in case');
  }
  return names.length === 0 ? {} : { 'aws:TagKeys': [...names] };
}

/** Condition keys for tags in a list of pairs, for example `Tags: [{ Key, Value }]`. */
export function tagList(input: Input, list = 'Tags', item?: string, key = 'Key', value = 'Value'): Context {
  const pairs = input.members(list, item).map((tag) => [tag.need(key), optional(tag, value)] as const);
  const tags = Object.fromEntries(pairs);
  if (Object.keys(tags).length !== pairs.length) throw new UnmappedRequest('a tag occurs twice');
  return requestTags(tags);
}

/** Condition keys for the tags in `Tags: [{ Key, Value }]`. */
export const taggedBy =
  (list = 'Tags', item?: string, key?: string, value?: string): Keys =>
  ({ input }) =>
    tagList(input, list, item, key, value);

/** Condition keys for the tags in a map, for example `tags: { team: 'a' }`. */
export const taggedByMap =
  (name: string): Keys =>
  ({ input }) =>
    requestTags(input.record(name));

/** Condition keys for tags that are removed, given as a list of names. */
export const untaggedBy =
  (list: string, item?: string): Keys =>
  ({ input }) =>
    tagKeys(input.texts(list, item));

/** A condition key for each of the given text parameters that the request contains. */
export const textKeys =
  (keys: Readonly<Record<string, string>>): Keys =>
  ({ input }) =>
    Object.fromEntries(
      Object.entries(keys).flatMap(([key, parameter]) => {
        const value = input.text(parameter);
        return value === undefined ? [] : [[key, value] as const];
      }),
    );

/** Combines several kinds of condition keys. */
export const bothKeys =
  (...parts: readonly Keys[]): Keys =>
  (call) =>
    Object.assign({}, ...parts.map((part) => part(call)));

/** A tag's value, which may be empty or absent. */
function optional(tag: Input, name: string): string {
  const value = tag.fields[name];
  return value === '' || value === undefined ? '' : tag.need(name);
}
