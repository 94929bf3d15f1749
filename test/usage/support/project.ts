/** A project as YAML, and what its leases did. */
import { type Definitions, loadDefinitions } from '@leasehold/definitions';
import {
  type ClaimOptions,
  gather,
  type Proposal,
  propose,
  type RoleUsage,
  type SourceKind,
  usageOf,
} from '@leasehold/usage';
import type { LakeQuery } from '../../../lib/usage/lake/query';
import { aCall, anIssue, aUnit, evidence, type Fields, trailFile } from './records';

export const TODAY = '2026-11-30';

const PROJECT = `kind: Project
name: hermes
environments:
  dev:
    account: "123456789012"
    region: ap-northeast-2
agents:
  agent: { identity: { type: iam-user } }
approvers: [oncall, lead]
`;

/** The head of a role. */
export const HEAD = `kind: Role
name: work
purpose: Work on the tables and functions of the shop. Nothing else is permitted.
access: write
gate: mfa
`;

export interface Project {
  readonly files: readonly { readonly name: string; readonly text: string }[];
  readonly definitions: Definitions;
}

/** A project of some role documents. Throws if they are not valid. */
export function aProject(roles: string, project = PROJECT): Project {
  const files = [
    { name: 'roles/project.yaml', text: project },
    { name: 'roles/work.yaml', text: roles },
  ];
  const { definitions, findings } = loadDefinitions([], { texts: files });
  if (definitions === undefined) throw new Error(JSON.stringify(findings));
  return { files, definitions };
}

/** A call of the role `work`: `dynamodb.DescribeTable`, with parameters. */
export type Call = readonly [name: string, parameters?: Fields, overrides?: Fields];

interface Seen {
  readonly kind?: SourceKind;
  readonly claims?: ClaimOptions;
  /** The query that selected the records. */
  readonly query?: LakeQuery;
  readonly window?: { readonly since?: number; readonly until?: number };
  /** Further records. */
  readonly more?: readonly Fields[];
  readonly environments?: readonly string[];
  /** Whether there was no lease. */
  readonly nobody?: boolean;
}

/** The usage after one lease of `work` in each environment made some calls. */
export async function usageAfter(
  { definitions }: Pick<Project, 'definitions'>,
  calls: readonly Call[],
  { kind = 'trail', claims = {}, query, window, more = [], environments, nobody = false }: Seen = {},
): Promise<readonly RoleUsage[]> {
  const chosen = definitions.environments.filter(({ name }) => environments?.includes(name) ?? true);
  const records = chosen.flatMap((environment) => {
    const role = environment.roles.find(({ name }) => name === 'work');
    if (role === undefined || nobody) return [];
    return [
      anIssue(role, 'lh-1', {}, environment),
      ...evidence(environment.account),
      ...calls.map(([name, requestParameters = {}, overrides = {}]) =>
        aCall(role, name, { requestParameters, ...overrides }, 'lh-1', environment),
      ),
    ];
  });
  const verdict = kind === 'sandbox' ? { verdict: 'allowed' } : {};
  const all = [...records, ...more].map((record) => ({ ...verdict, ...record }));
  const unit = aUnit(trailFile(all), { kind, ...(query && { query }) });
  return usageOf(await gather(chosen, { units: [unit], ...window }), claims);
}

/** The proposal after these calls. */
export async function proposalAfter(project: Project, calls: readonly Call[], seen: Seen = {}): Promise<Proposal> {
  const usage = await usageAfter(project, calls, seen);
  return propose(usage, project.definitions, { files: project.files, today: TODAY });
}
