/**
 * EventBridge's matching, for the operators that Leasehold uses.
 * Source: https://github.com/aws/event-ruler
 */
import type { EventPattern, Matcher } from '@leasehold/documents';

export type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json };

/** Whether an event matches a pattern: every field of the pattern must, and any of a field's values will do. */
export function matchesEvent(pattern: EventPattern, event: Json | undefined): boolean {
  return Object.entries(pattern).every(([field, expected]) => {
    if (!Array.isArray(expected)) return matchesEvent(expected as EventPattern, child(event, field));
    if (expected.length === 0) throw new TypeError(`EventBridge refuses the empty list at ${field}`);
    // A `$or` of one is a field of that name, as EventBridge reads it.
    if (field === '$or' && expected.length > 1) return expected.some((option) => matchesEvent(option, event));
    const actual = child(event, field);
    return expected.some((matcher: Matcher) => matchesValue(matcher, actual));
  });
}

function child(value: Json | undefined, field: string): Json | undefined {
  return isObject(value) ? value[field] : undefined;
}

function matchesValue(matcher: Matcher, actual: Json | undefined): boolean {
  if (Array.isArray(actual)) return actual.some((item) => matchesValue(matcher, item));
  if (typeof matcher === 'string') return actual === matcher;
  if ('exists' in matcher) return (actual !== undefined && !isObject(actual)) === matcher.exists;
  if (typeof actual !== 'string') return false;
  if ('prefix' in matcher) return actual.startsWith(matcher.prefix);
  if ('anything-but' in matcher) return !matcher['anything-but'].includes(actual);
  if ('wildcard' in matcher) return wildcard(matcher.wildcard).test(actual);
  throw new TypeError(`unknown operator ${JSON.stringify(matcher)}`);
}

function wildcard(text: string): RegExp {
  return new RegExp(`^${text.split('*').map(escapeRegExp).join('.*')}$`, 's');
}

function escapeRegExp(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}

function isObject(value: Json | undefined): value is { readonly [key: string]: Json } {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
