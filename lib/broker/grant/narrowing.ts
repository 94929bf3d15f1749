/**
 * Checks statement by statement whether a grant narrows its role: the role's own resources and conditions, with the
 * parameter values filled in, and no action that the statement does not allow.
 *
 * That is sufficient for the grant to be inside the role's envelope. IAM inserts a session tag's value into a policy
 * verbatim. The role's statement in a session with these tags therefore means the same as the text with the values
 * filled in, as long as no value contains a character with a special meaning in policies. This test is stricter than
 * {@link insideEnvelope}, and takes microseconds.
 * Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html
 */
import { PARAMETER_VALUE } from '@leasehold/contract/text';
import type { Role } from '@leasehold/definitions';
import { parameterTag, permissions } from '@leasehold/documents';
import { many, type PolicyDocument, type Statement } from '@leasehold/policy';
import { covering } from './covering';

/**
 * True if every statement of the policy narrows one of the role's statements, and the policy contains all denials of
 * the role. False if this test is inconclusive.
 */
export function narrows(policy: PolicyDocument, role: Role, values: Readonly<Record<string, string>>): boolean {
  if (policy.Version !== '2012-10-17' || policy.Id !== undefined) return false;
  if (!Object.values(values).every((value) => PARAMETER_VALUE.test(value) && !SPECIAL.test(value))) return false;
  const { allows, denies } = envelopeOf(role);
  const statements = many(policy.Statement);
  const denied = new Set(statements.filter(({ Effect }) => Effect === 'Deny').map(deniedText));
  const expected = new Set(denies.map((deny) => substituted(deny, values)));
  if (![...expected].every((deny) => denied.has(deny))) return false;
  return statements.every((statement) => {
    if (!Object.keys(statement).every((key) => KEYS.has(key))) return false;
    if (statement.Effect === 'Deny') return expected.has(deniedText(statement));
    const text = scopeText(statement);
    const actions = many(statement.Action);
    return (
      actions.length > 0 &&
      allows.some(
        ({ scope, covers }) =>
          actions.every((action) => covers.some((covered) => covered(action))) && substituted(scope, values) === text,
      )
    );
  });
}

/** Characters with a special meaning in IAM patterns, policy variables or JSON. */
const SPECIAL = /[*?$"\\{}]/;
const KEYS: ReadonlySet<string> = new Set(['Effect', 'Action', 'Resource', 'Condition']);

interface Envelope {
  readonly allows: readonly Allowed[];
  /** The role's deny statements as text. The grant must contain each of these statements. */
  readonly denies: readonly string[];
}

interface Allowed {
  /** Resources and conditions as one string, with a policy variable for each parameter. */
  readonly scope: string;
  readonly covers: readonly ((action: string) => boolean)[];
}

const envelopes = new WeakMap<Role, Envelope>();

function envelopeOf(role: Role): Envelope {
  const known = envelopes.get(role);
  if (known !== undefined) return known;
  const statements = many(permissions(role).Statement);
  const envelope = {
    allows: statements
      .filter(({ Effect }) => Effect === 'Allow')
      .map((statement) => ({ scope: scopeText(statement), covers: many(statement.Action).map(covering) })),
    denies: statements.filter(({ Effect }) => Effect === 'Deny').map(deniedText),
  };
  envelopes.set(role, envelope);
  return envelope;
}

function scopeText({ Resource, Condition }: Statement): string {
  return JSON.stringify([many(Resource), Condition ?? null]);
}

function deniedText({ Action, Resource, Condition }: Statement): string {
  return JSON.stringify([many(Action), many(Resource), Condition ?? null]);
}

function substituted(scope: string, values: Readonly<Record<string, string>>): string {
  let text = scope;
  for (const [name, value] of Object.entries(values)) {
    text = text.replaceAll(`\${aws:PrincipalTag/${parameterTag(name)}}`, () => value);
  }
  return text;
}
