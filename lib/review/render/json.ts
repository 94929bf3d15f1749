/** A review as JSON, for programs, and the schema of that JSON. */
import { defined } from '@leasehold/contract/defined';
import * as z from 'zod';
import type { ComparedStatements, IdentityReview, Review } from '../review';
import { SEVERITIES } from '../review';
import { shownJson } from './plan-text';

/** Path of the schema, relative to the repository. A test fails if the file differs from the generated schema. */
export const REVIEW_SCHEMA_FILE = 'docs/schema/review.schema.json';

/**
 * Version of the JSON format. The version changes if a field is removed or a field's meaning changes, but not if a
 * field is added.
 */
const VERSION = 1;

/** The complete review as data, without truncation. */
export function reviewData(review: Review): ReviewData {
  const { verdict, worst, identities, findings, statements, unknowns, graph, terraform, seen } = review;
  return {
    version: VERSION,
    verdict,
    worst: worst ?? null,
    identities: identities.map(identityData),
    findings: findings.map(({ id, severity, place, message, why, hint, identity }) => ({
      id,
      severity,
      ...placeData(place),
      message,
      why,
      hint,
      ...defined({ identity }),
      page: `docs/findings/${id}.md`,
    })),
    statements: statements.map(({ place: at, pairs }) => ({
      ...placeData(at),
      pairs: pairs.map(({ before, after }) => ({ before: statementData(before), after: statementData(after) })),
    })),
    unknowns: unknowns.map(({ place, why }) => ({ ...placeData(place), why })),
    graph: { before: graphData(graph.before), after: graphData(graph.after) },
    terraform,
    seen: { resources: seen.resources, identities: seen.identities, policies: seen.policies },
  };
}

/** `reviewData` as text. Control characters and invisible characters are escaped. */
export function reviewJson(review: Review): string {
  return shownJson(reviewData(review));
}

const text = (description: string) => z.string().describe(description);
const amount = (description: string) => z.number().int().min(0).describe(description);

const place = {
  address: text('Terraform address, for example `module.a["x"].aws_iam_role.deploy[0]`.'),
  attribute: text('Attribute of the resource, for example `assume_role_policy`.').optional(),
};

const severity = z.enum(SEVERITIES);

const change = z.strictObject({
  service: text('Prefix of the service, for example `s3`.'),
  level: z
    .enum(['List', 'Read', 'Write', 'Tagging', 'Permissions management', 'unknown'])
    .describe("The action's access level in AWS's service authorization reference."),
  actions: z.array(z.string()).describe('Action names, or patterns that the catalogue does not contain; sorted.'),
  resources: z.array(z.string()).describe('Patterns of the resources that the actions apply to; sorted.'),
});

const permissions = z
  .discriminatedUnion('kind', [
    z.strictObject({ kind: z.literal('same') }),
    z.strictObject({ kind: z.literal('narrowed') }),
    z.strictObject({
      kind: z.literal('widened'),
      witness: text('A permission that the identity has after the plan and did not have before the plan.'),
    }),
    z.strictObject({ kind: z.literal('unknown'), why: text('Why it cannot be decided.') }),
  ])
  .describe('The change of the effective permissions. `unknown` counts as widened.');

const graph = z.strictObject({
  nodes: z.array(z.strictObject({ id: z.string(), label: z.string(), kind: z.enum(['principal', 'role', 'service']) })),
  edges: z.array(z.strictObject({ from: text('Id of a node.'), to: text('Id of a node.'), label: z.string() })),
});

const statement = z
  .record(z.string(), z.unknown())
  .nullable()
  .describe('The statement as it is in the policy; null if this version of the policy does not contain the statement.');

const review = z.strictObject({
  version: z
    .literal(VERSION)
    .describe(
      'Version of this format. The version changes when a field is removed or gets a different meaning, but not when a field is added.',
    ),
  verdict: text('The review in one sentence.'),
  worst: severity.nullable().describe('Severity of the worst finding; null if there is no finding.'),
  identities: z
    .array(
      z.strictObject({
        key: text(
          'Key of the identity. The key is the same before and after the plan, even if the address of the identity changes.',
        ),
        kind: z.enum(['user', 'role', 'group']),
        name: text('The name of the identity, or its address if the name is unknown.'),
        address: place.address.optional(),
        state: z.enum(['new', 'changed', 'removed', 'same']),
        permissions,
        gained: z.array(change),
        lost: z.array(change),
        trust: z.array(z.string()).describe('How the trust changed, in sentences.'),
        other: z
          .array(z.string())
          .describe(
            'Changes to the boundary, session length, groups and exclusive policy management of the identity, as sentences.',
          ),
      }),
    )
    .describe('Users, roles and groups that are changed, created or removed.'),
  findings: z
    .array(
      z.strictObject({
        id: text('Stable id of the kind of finding.'),
        severity,
        ...place,
        message: text('What.'),
        why: text('Why it matters.'),
        hint: text('How to fix it.'),
        identity: text('`key` of the identity that it is about.').optional(),
        page: text("The page that explains it, relative to Leasehold's repository."),
      }),
    )
    .describe('Worst first, then by address.'),
  statements: z
    .array(
      z.strictObject({
        ...place,
        pairs: z.array(z.strictObject({ before: statement, after: statement })).describe('Old beside new.'),
      }),
    )
    .describe(
      'Statements that differ between the old and the new version of each trust policy and resource policy that has a finding.',
    ),
  unknowns: z
    .array(z.strictObject({ ...place, why: text('Why it could not be read.') }))
    .describe('Values that the review could not read. These values count as widened access.'),
  graph: z.strictObject({ before: graph, after: graph }).describe('Who can reach what.'),
  terraform: text('Version of Terraform or OpenTofu that created the plan.'),
  seen: z
    .strictObject({
      resources: amount('Resources in the plan.'),
      identities: amount('Users, roles and groups in the plan.'),
      policies: amount('Policies in the plan.'),
    })
    .describe('How much was read.'),
});

/** The format of the JSON. */
export type ReviewData = z.infer<typeof review>;

/** The JSON Schema (draft 7) of `reviewData`, as committed. */
export function reviewSchemaText(): string {
  const { $schema, ...rest } = z.toJSONSchema(review, { target: 'draft-7' });
  return `${JSON.stringify({ $schema, title: 'Leasehold review of a Terraform plan', ...rest }, null, 2)}\n`;
}

function identityData(identity: IdentityReview): ReviewData['identities'][number] {
  const { key, kind, name, state, permissions: change, gained, lost, trust, other } = identity;
  return {
    key,
    kind,
    name,
    ...defined({ address: identity.place?.address }),
    state,
    permissions: change,
    gained: gained.map(changeData),
    lost: lost.map(changeData),
    trust: [...trust],
    other: [...other],
  };
}

function statementData(statement: ComparedStatements['pairs'][number]['before']): Record<string, unknown> | null {
  return statement === undefined ? null : { ...statement };
}

function changeData({ service, level, actions, resources }: IdentityReview['gained'][number]) {
  return { service, level, actions: [...actions], resources: [...resources] };
}

function graphData({ nodes, edges }: Review['graph']['before']) {
  return {
    nodes: nodes.map(({ id, label, kind }) => ({ id, label, kind })),
    edges: edges.map(({ from, to, label }) => ({ from, to, label })),
  };
}

function placeData({ address, attribute }: Review['unknowns'][number]['place']) {
  return { address, ...defined({ attribute }) };
}
