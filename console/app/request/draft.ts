/** The input that a person has typed into the request form, and the errors in this input. */
import type { RoleView } from '@leasehold/contract';
import { defined } from '@leasehold/contract/defined';
import {
  PARAMETER_CHARACTERS,
  type ParameterFault,
  parameterFault,
  REASON_RULES,
  SHORTEST_REASON,
  writtenReason,
} from '@leasehold/contract/request-rules';
import { spoken, visible } from '@leasehold/contract/text';
import type { RequestByRole } from './exec-command.ts';

/** The fields of the form, as they were typed. */
export interface Draft {
  readonly reason: string;
  readonly parameters: Readonly<Record<string, string>>;
  /** Undefined for the role's own length. */
  readonly minutes: number | undefined;
  /** A subset of the role's actions. Undefined for all of its actions. */
  readonly actions?: readonly string[] | undefined;
}

type ParameterView = RoleView['parameters'][string];

/** What is wrong, by field. */
export interface Faults {
  readonly reason?: string;
  readonly minutes?: string;
  readonly parameters: Readonly<Record<string, string>>;
}

/** The parameters that a person chooses. The broker takes all other parameters from the requester's identity. */
export function freeParameters({ parameters }: RoleView): readonly (readonly [name: string, rule: ParameterView])[] {
  return Object.entries(parameters).filter(([, { from }]) => from === undefined);
}

/** The reason why nobody can request the role in the console. Undefined if the role can be requested. */
export function whyNotHere({ parameters }: RoleView): string | undefined {
  const bound = Object.entries(parameters).find(([, { from }]) => from?.startsWith('subject.'));
  if (bound === undefined) return undefined;
  const [name, { from = '' }] = bound;
  return visible(
    `The value of the parameter ${name} of this role comes from ${from}, which identifies the person on whose behalf an application makes a request. In the console, you make requests for yourself.`,
  );
}

/** The maximum duration of the role's leases in whole minutes. It is at least 1. */
export function longestMinutes({ lease }: RoleView): number {
  return Math.max(1, Math.floor(lease.maxSeconds / 60));
}

/** The length of the lease in seconds. */
export function secondsOf({ lease }: RoleView, { minutes }: Draft): number {
  return minutes === undefined ? lease.defaultSeconds : Math.min(minutes * 60, lease.maxSeconds);
}

/** The values that are accepted so far. */
export function acceptedParameters(role: RoleView, { parameters }: Draft): Readonly<Record<string, string>> {
  return Object.fromEntries(
    freeParameters(role).flatMap(([name, rule]) => {
      const value = typed(parameters, name);
      return parameterFault(rule, value) === undefined ? [[name, value] as const] : [];
    }),
  );
}

/** What is wrong with a draft. */
export function faultsOf(role: RoleView, draft: Draft): Faults {
  const { reason, minutes, parameters } = draft;
  const written = writtenReason(reason, role.name, SHORTEST_REASON);
  const longest = longestMinutes(role);
  const isLength = minutes === undefined || (Number.isSafeInteger(minutes) && minutes >= 1 && minutes <= longest);
  return {
    ...('fault' in written ? { reason: `The reason ${written.fault}. ${REASON_RULES}` } : {}),
    ...(isLength ? {} : { minutes: `Enter whole minutes, from 1 to ${longest}.` }),
    parameters: Object.fromEntries(
      freeParameters(role).flatMap(([name, rule]) => {
        const fault = parameterWords(rule, typed(parameters, name));
        return fault === undefined ? [] : [[name, fault] as const];
      }),
    ),
  };
}

/** What is wrong with the value of a parameter, in words. Undefined if it is accepted. */
export function parameterWords(rule: ParameterView, value: string): string | undefined {
  const fault = parameterFault(rule, value);
  return fault === undefined ? undefined : FAULT_WORDS[fault](rule);
}

/** Whether nothing is wrong. */
export function isFaultless({ reason, minutes, parameters }: Faults): boolean {
  return reason === undefined && minutes === undefined && Object.keys(parameters).length === 0;
}

/** The body of the request for a draft without errors. The reason is trimmed in the same way as on the command line. */
export function requestOf(role: RoleView, draft: Draft): RequestByRole {
  const written = writtenReason(draft.reason, role.name, SHORTEST_REASON);
  const parameters = acceptedParameters(role, draft);
  return {
    role: role.name,
    ...(Object.keys(parameters).length === 0 ? {} : { parameters }),
    ...defined({
      actions: draft.actions && [...draft.actions],
      seconds: draft.minutes === undefined ? undefined : secondsOf(role, draft),
    }),
    reason: 'value' in written ? written.value : draft.reason,
  };
}

/** The lengths of a role's lease, in words. */
export function lengthWords({ lease }: RoleView): string {
  const { defaultSeconds, maxSeconds } = lease;
  return defaultSeconds === maxSeconds
    ? `At most ${spoken(maxSeconds)}.`
    : `At most ${spoken(maxSeconds)}. Default: ${spoken(defaultSeconds)}.`;
}

/** Roles whose name, purpose or actions contain every word of a search. */
export function matchingRoles(roles: readonly RoleView[], search: string): readonly RoleView[] {
  const words = search.toLowerCase().split(/\s+/).filter(Boolean);
  return roles.filter(({ name, purpose, access, actions }) => {
    const text = [name, purpose, access, ...actions].join('\n').toLowerCase();
    return words.every((word) => text.includes(word));
  });
}

function typed(parameters: Draft['parameters'], name: string): string {
  return Object.hasOwn(parameters, name) ? (parameters[name] ?? '') : '';
}

const CHOOSE = 'Choose one of the values.';

const FAULT_WORDS: Readonly<Record<ParameterFault, (rule: ParameterView) => string>> = {
  characters: ({ values }) => (values === undefined ? `Enter ${PARAMETER_CHARACTERS}.` : CHOOSE),
  'not-listed': () => CHOOSE,
  'no-match': ({ pattern = '' }) => `The whole value must match ${visible(pattern)}`,
  unchecked: () =>
    'The role has no rule for this parameter, so no value is accepted. Report this problem to an administrator.',
};
