/** What a reviewer is asked: fields, with everything that the requester wrote apart from what is known. */
import { defined } from '@leasehold/contract/defined';
import type { Offer } from './validate';

/** A role that is offered to the reviewer. */
export interface OfferedRole {
  readonly name: string;
  readonly purpose: string;
  readonly access: 'read' | 'write' | 'delete';
  readonly actions: readonly string[];
  /** The parameters that are free to choose. Those bound to an identity are filled in, and not the reviewer's business. */
  readonly parameters: Readonly<
    Record<string, { readonly description: string; readonly pattern?: string; readonly values?: readonly string[] }>
  >;
  readonly maxMinutes: number;
}

/** One request, as a reviewer sees it. */
export interface ReviewerQuestion {
  /** Known: who asks, from a verified signature; on whose behalf, from a verified token. */
  readonly requester: { readonly kind: 'agent' | 'person'; readonly name: string; readonly groups: readonly string[] };
  readonly subject?: string;
  /** Known: what administrators wrote of the requester. */
  readonly policy: string;
  /** Known: all that may be chosen from; of a request by role, that one alone. */
  readonly roles: readonly OfferedRole[];
  /** Written by the requester: data to judge, never instructions. */
  readonly untrusted: {
    readonly reason: string;
    /** What will run with the lease. */
    readonly command?: string;
    readonly role?: string;
    readonly parameters?: Readonly<Record<string, string>>;
    readonly actions?: readonly string[];
    readonly seconds?: number;
  };
}

/** The question that an offer puts to a reviewer. */
export function questionOf(
  { requester, subject, reason, command, asked, roles }: Offer,
  policy: string,
): ReviewerQuestion {
  const offered = asked.by === 'role' ? roles.filter(({ role }) => role.name === asked.role) : roles;
  const { kind, name, groups } = requester;
  return {
    requester: { kind, name, groups },
    ...defined({ subject: subject?.sub }),
    policy,
    roles: offered.map(({ role, bindings }) => ({
      name: role.name,
      purpose: role.purpose,
      access: role.access,
      actions: [...new Set(role.allow.flatMap(({ actions }) => actions))].sort(),
      parameters: Object.fromEntries(
        role.parameters
          .filter((parameter) => !Object.hasOwn(bindings, parameter.name))
          .map(({ name: parameter, description, pattern, values }) => [
            parameter,
            {
              description,
              ...defined({ pattern: pattern?.source, values }),
            },
          ]),
      ),
      maxMinutes: role.lease.maxSeconds / 60,
    })),
    untrusted: {
      reason,
      ...defined({ command }),
      ...(asked.by === 'role'
        ? {
            role: asked.role,
            parameters: asked.parameters,
            ...defined({ actions: asked.actions, seconds: asked.seconds }),
          }
        : {}),
    },
  };
}
