/** Reviews of small plans, written as the changes of their resources. */
import type { Statement } from '@leasehold/policy';
import { plannedAccess } from '../../lib/review/estate';
import type { PlannedAccess } from '../../lib/review/model';
import { readPlan } from '../../lib/review/plan';
import type { Review } from '../../lib/review/review';
import { reviewPlan } from '../../lib/review/review-plan';
import { aChange, aPlan } from './plan/small-plans';

export type Json = Readonly<Record<string, unknown>>;

export const ACCOUNT = '123456789012';

/** What a resource is before and after, and what of it is unknown after. */
export interface Sides {
  readonly before?: Json;
  readonly after?: Json;
  readonly unknown?: Json;
  /** On both sides, beside what differs. */
  readonly same?: Json;
  readonly actions?: readonly string[];
  readonly mode?: 'managed' | 'data';
  readonly previous_address?: string;
  readonly module_address?: string;
  readonly index?: string | number;
  readonly provider_name?: string;
  /** What the plan imports the resource by. */
  readonly importing?: Json;
}

/** The change of a resource, as `resource_changes` has it. */
export function change(address: string, sides: Sides): Json {
  const { before, after, unknown = {}, same, actions, mode = 'managed', importing, ...more } = sides;
  const [, type = '', name = ''] = /(?:^|\.)([a-z0-9_]+)\.(\w+)(?:\[[^\]]*\])?$/.exec(address) ?? [];
  const [earlier, later] =
    same === undefined
      ? [before ?? null, after ?? null]
      : [
          { ...same, ...before },
          { ...same, ...after },
        ];
  const altered = before !== undefined || after !== undefined;
  const usual = earlier === null ? 'create' : later === null ? 'delete' : altered ? 'update' : 'no-op';
  return aChange({
    address,
    mode,
    type,
    name,
    ...more,
    change: { actions: actions ?? [usual], before: earlier, after: later, after_unknown: unknown, importing },
  });
}

/**
 * A configuration of root resources: expressions by address, `data.` before the type for data sources. An expression
 * `provider` is the key of the resource's provider, and `depends_on` lists addresses. Further providers are given by key.
 */
export function configuration(expressions: Readonly<Record<string, Json>>, others: Json = {}): Json {
  const resources = Object.entries(expressions).map(([address, { provider = 'aws', depends_on, ...each }]) => {
    const mode = address.startsWith('data.') ? 'data' : 'managed';
    const [type = '', name = ''] = address.replace(/^data\./, '').split('.');
    return { address, mode, type, name, provider_config_key: provider, depends_on, expressions: each };
  });
  const aws = (settings: unknown) => ({
    name: 'aws',
    full_name: 'registry.terraform.io/hashicorp/aws',
    expressions: settings,
  });
  return {
    provider_config: {
      aws: aws({ allowed_account_ids: { constant_value: [ACCOUNT] } }),
      ...Object.fromEntries(Object.entries(others).map(([key, settings]) => [key, aws(settings)])),
    },
    root_module: { resources },
  };
}

/** The text of a policy. */
export function policy(...statements: readonly Statement[]): string {
  return JSON.stringify({ Version: '2012-10-17', Statement: statements });
}

export function allows(Action: string | readonly string[], Resource: string | readonly string[] = '*'): Statement {
  return { Effect: 'Allow', Action, Resource };
}

export function denies(Action: string | readonly string[], Resource: string | readonly string[] = '*'): Statement {
  return { Effect: 'Deny', Action, Resource };
}

/** The ARN of something of IAM's in the account. */
export function arn(path: string): string {
  return `arn:aws:iam::${ACCOUNT}:${path}`;
}

/** A role as the plan has it. */
export function aRole(name: string, more: Json = {}): Json {
  return {
    name,
    path: '/',
    arn: arn(`role/${name}`),
    assume_role_policy: policy({
      Effect: 'Allow',
      Principal: { Service: 'ec2.amazonaws.com' },
      Action: 'sts:AssumeRole',
    }),
    ...more,
  };
}

/** A managed policy as the plan has it. */
export function aPolicy(name: string, ...statements: readonly Statement[]): Json {
  return { name, path: '/', arn: arn(`policy/${name}`), policy: policy(...statements) };
}

export function planned(changes: readonly Json[], parts: Json = {}): PlannedAccess {
  return plannedAccess(
    readPlan(JSON.stringify(aPlan({ resource_changes: changes, configuration: configuration({}), ...parts }))),
  );
}

export function reviewOf(changes: readonly Json[], parts: Json = {}): Promise<Review> {
  return reviewPlan(planned(changes, parts), { today: '2026-11-22' });
}

/** Findings as `severity id`, sorted. */
export function short({ findings }: Review): readonly string[] {
  return findings.map(({ severity, id }) => `${severity} ${id}`).toSorted();
}

/** Findings as `severity id: message`. */
export function told({ findings }: Review): readonly string[] {
  return findings.map(({ severity, id, message }) => `${severity} ${id}: ${message}`);
}
