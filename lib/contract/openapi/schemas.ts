/** The schemas of the contract as JSON Schema. */
import * as z from 'zod';
import {
  administrationRecord,
  approveBody,
  budgetList,
  collected,
  consoleAddress,
  denyBody,
  eventList,
  groupList,
  issueCodeBody,
  keyRecord,
  leaseList,
  leaseView,
  nonceAnswer,
  principalBody,
  principalList,
  principalView,
  problem,
  proposal,
  proposeBody,
  registerKeyBody,
  removeKeyBody,
  requestAnswer,
  requestBody,
  revocationAnswer,
  revocationList,
  revokeBody,
  revokeManyBody,
  roleList,
} from '../index';

/** A part of the document. */
export type Schema = Readonly<Record<string, unknown>>;

/** The named schemas. */
const NAMED = {
  AdministrationRecord: administrationRecord,
  Approval: approveBody,
  BudgetList: budgetList,
  CollectedLease: collected,
  ConsoleAddress: consoleAddress,
  Denial: denyBody,
  EnrolmentCode: issueCodeBody,
  EventList: eventList,
  GroupList: groupList,
  KeyRecord: keyRecord,
  KeyRegistration: registerKeyBody,
  KeyRemoval: removeKeyBody,
  Lease: leaseView,
  LeaseList: leaseList,
  LeaseRequest: requestBody,
  Nonce: nonceAnswer,
  Principal: principalView,
  PrincipalChange: principalBody,
  PrincipalList: principalList,
  Problem: problem,
  Proposal: proposal,
  ProposalRequest: proposeBody,
  RequestedLease: requestAnswer,
  Revocation: revokeBody,
  RevocationAnswer: revocationAnswer,
  RevocationList: revocationList,
  RevocationOfMany: revokeManyBody,
  RoleList: roleList,
} as const satisfies Readonly<Record<string, z.ZodType>>;

/** All named schemas, with references to one another. */
export function schemas(): Readonly<Record<string, Schema>> {
  const registry = z.registry<{ id: string }>();
  for (const [id, schema] of Object.entries(NAMED)) registry.add(schema, { id });
  const { schemas: made } = z.toJSONSchema(registry, { uri: (id) => `#/components/schemas/${id}`, override: plain });
  return Object.fromEntries(Object.entries(made).map(([id, schema]) => [id, withoutIdentity(schema)]));
}

/** A reference to a named schema. @throws TypeError for a schema without a name */
export function referenceTo(schema: z.ZodType): Schema {
  const [name] = Object.entries(NAMED).find(([, named]) => named === schema) ?? [];
  if (name === undefined) throw new TypeError('a schema of the contract has no name here');
  return { $ref: `#/components/schemas/${name}` };
}

/** A schema without a name. */
export function inlined(schema: z.ZodType): Schema {
  return withoutIdentity(z.toJSONSchema(schema, { override: plain }));
}

/**
 * Removes `readonly`, which has no meaning in requests and responses, and the JavaScript integer limits that zod adds
 * to whole numbers.
 */
function plain({ jsonSchema }: { readonly jsonSchema: z.core.JSONSchema.BaseSchema }): void {
  if (jsonSchema.maximum === Number.MAX_SAFE_INTEGER) delete jsonSchema.maximum;
  if (jsonSchema.minimum === Number.MIN_SAFE_INTEGER) delete jsonSchema.minimum;
  delete jsonSchema.readOnly;
}

/** Removes `$schema` and `$id`, because the document declares the dialect and the location. */
function withoutIdentity({ $schema: _, $id: __, ...schema }: z.core.JSONSchema.BaseSchema): Schema {
  return schema;
}
