import { firstHidden } from '@leasehold/contract/text';
import type { Environment, Role, SourceRange, Waiver } from '@leasehold/definitions';
import { type EnvironmentGuardrail, pageOf } from '../guardrail';

/** Texts for humans must not contain characters that are invisible, reorder text or control a terminal. */
export const plainText: EnvironmentGuardrail = {
  id: 'plain-text',
  title: 'No text contains control characters, invisible characters, or characters that reorder text',
  severity: 'error',
  page: pageOf('plain-text'),
  unwaivable: 'approvers decide on the basis of what they read',
  over: 'environment',
  *check({ environment }) {
    for (const { text, at } of textsOf(environment)) {
      const hidden = firstHidden(text);
      if (hidden === undefined) continue;
      yield {
        message: `The text contains the invisible character ${hidden.code}.`,
        hint: 'Type the text again on one line.',
        at: at(),
      };
    }
  },
};

interface Text {
  readonly text: string;
  at(): SourceRange;
}

function* textsOf(environment: Environment): Iterable<Text> {
  for (const role of environment.roles) yield* textsOfRole(role);
  yield* reasons(environment.waivers, (path) => environment.locate(path));
  for (const [index, { because }] of environment.mixedAccess.entries()) {
    yield { text: because.replace(/\n$/, ''), at: () => environment.locate(['mixedAccess', index]) };
  }
  for (const { arn, may, locate, name } of environment.external) {
    const texts = may === 'administrator' ? [] : may.flatMap(({ actions, resources }) => [...actions, ...resources]);
    for (const text of [arn, ...texts]) yield { text, at: () => locate(['external', name]) };
  }
  for (const { policy, locate } of environment.principals) {
    // The reviewer's model reads the policy text, including characters that are invisible to humans.
    for (const text of policy.split('\n')) yield { text, at: () => locate(['policy']) };
  }
}

function* textsOfRole(role: Role): Iterable<Text> {
  const of = (text: string, ...path: readonly (string | number)[]): Text => ({ text, at: () => role.locate(path) });
  // YAML block scalars end with one line break.
  yield of(role.purpose.replace(/\n$/, ''), 'purpose');
  for (const { name, description, values } of role.parameters) {
    yield of(description.replace(/\n$/, ''), 'parameters', name, 'description');
    for (const [index, value] of (values ?? []).entries()) yield of(value, 'parameters', name, 'values', index);
  }
  for (const section of ['allow', 'deny'] as const) {
    for (const [index, { actions, resources, conditions }] of role[section].entries()) {
      for (const [entry, text] of actions.entries()) yield of(text, section, index, 'actions', entry);
      for (const [entry, text] of resources.entries()) yield of(text, section, index, 'resources', entry);
      for (const [operator, keys] of Object.entries(conditions)) {
        for (const [key, values] of Object.entries(keys)) {
          for (const text of values) yield of(text, section, index, 'conditions', operator, key);
        }
      }
    }
  }
  for (const section of ['passes', 'assumes'] as const) {
    for (const [index, { because }] of role[section].entries()) yield of(because.replace(/\n$/, ''), section, index);
  }
  for (const [index, { because }] of role.sensitive.entries()) yield of(because.replace(/\n$/, ''), 'sensitive', index);
  if (role.sql) {
    if (role.sql.databaseUser !== undefined) yield of(role.sql.databaseUser, 'sql', 'databaseUser');
    yield of(role.sql.limits.replace(/\n$/, ''), 'sql', 'limits');
  }
  yield* reasons(role.waivers, (path) => role.locate(path));
}

function* reasons(
  waivers: readonly Waiver[],
  locate: (path: readonly (string | number)[]) => SourceRange,
): Iterable<Text> {
  for (const [index, { because }] of waivers.entries()) {
    yield { text: because.replace(/\n$/, ''), at: () => locate(['waivers', index]) };
  }
}
