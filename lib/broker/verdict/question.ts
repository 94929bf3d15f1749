/** Builds the question for a reviewer. Text from the requester is kept separate from verified facts. */
import { defined } from '@leasehold/contract/defined';
import type { Access } from '@leasehold/definitions';
import { managedArns, permitted } from '@leasehold/documents';
import type { Offer } from './validate';

/** A role that is offered to the reviewer. */
export interface OfferedRole {
  readonly name: string;
  readonly purpose: string;
  readonly access: Access;
  /** The actions of the role, and the ARNs of its managed policies. */
  readonly actions: readonly string[];
  /**
   * The free parameters. Parameters that are bound to an identity are already filled in, and the reviewer does not see
   * them.
   */
  readonly parameters: Readonly<
    Record<string, { readonly description: string; readonly pattern?: string; readonly values?: readonly string[] }>
  >;
  readonly maxMinutes: number;
}

/** One request, as the reviewer sees it. */
export interface ReviewerQuestion {
  /** Verified: the requester (by a signature) and the end user (by a token). */
  readonly requester: { readonly kind: 'agent' | 'person'; readonly name: string; readonly groups: readonly string[] };
  readonly subject?: string;
  /** Verified: the policy that administrators wrote for the requester. */
  readonly policy: string;
  /** Verified: all roles that can be chosen. For a request by role, only the requested role. */
  readonly roles: readonly OfferedRole[];
  /** Written by the requester: data that the reviewer must judge, never instructions. */
  readonly untrusted: {
    readonly reason: string;
    /** The command that will run with the lease. */
    readonly command?: string;
    readonly role?: string;
    readonly parameters?: Readonly<Record<string, string>>;
    readonly actions?: readonly string[];
    readonly seconds?: number;
  };
}

/** Creates the reviewer's question from an offer. */
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
      actions: [...new Set([...permitted(role).flatMap(({ actions }) => actions), ...managedArns(role)])].sort(),
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
