/** Runs decision tables of mappings, and holds every answer to the action catalogue. */
import { type Catalogue, loadCatalogue } from '@leasehold/policy';
import {
  type Context,
  type Need,
  type ServiceMapping,
  type SignedRequest,
  UnmappedRequest,
} from '../../../../lib/sandbox/service-mapping';

/** Action, resource, and condition keys, but for those that every request of the service carries. */
export type Expected = readonly [action: string, resource: string, context?: Context];

export interface Case {
  readonly name: string;
  /** Where AWS says so. */
  readonly source?: string;
  readonly request: SignedRequest | Promise<SignedRequest> | (() => SignedRequest | Promise<SignedRequest>);
  /** What must be authorised, or why the request is refused. */
  readonly expect: readonly Expected[] | RegExp;
}

/** @param usual condition keys that every request of the service carries, left out of the tables. */
export function runCases(mapping: ServiceMapping, cases: readonly Case[], usual: readonly string[] = []): void {
  it.each(cases.map((row) => [row.name, row] as const))('%s', async (_, { request, expect: expected }) => {
    const signed = await (typeof request === 'function' ? request() : request);
    if (expected instanceof RegExp) {
      const refusal = refusalOf(mapping, signed);
      expect(refusal).toMatch(expected);
      return;
    }
    const { needs } = mapping.map(signed);
    expect(needs.map((need) => without(need, usual))).toEqual(
      expected.map(([action, resource, context = {}]) => [action, resource, context]),
    );
    await expectKnown(needs);
  });
}

/** Why a request is refused. Anything thrown but a refusal fails the test. */
export function refusalOf(mapping: ServiceMapping, request: SignedRequest): string {
  try {
    const { needs } = mapping.map(request);
    return `mapped to ${needs.map(({ action, resource }) => `${action} on ${resource}`).join(', ')}`;
  } catch (error) {
    if (error instanceof UnmappedRequest) return error.message;
    throw error;
  }
}

/** Every action is AWS's, takes such a resource, and knows the condition keys. */
export async function expectKnown(needs: readonly Need[]): Promise<void> {
  const known = await catalogue();
  for (const { action, resource, context } of needs) {
    const info = known.action(action);
    expect(info?.id).toBe(action);
    if (!info) continue;
    expect([action, resource, known.acceptsResource(info, resource)]).toEqual([action, resource, true]);
    for (const key of Object.keys(context)) {
      const looked = known.conditionKey(key, info);
      expect([action, key, looked.known && (looked.applies || NOT_LISTED.has(key))]).toEqual([action, key, true]);
    }
  }
}

/** Keys of `iam:PassRole` and of resources that the reference lists elsewhere. */
const NOT_LISTED: ReadonlySet<string> = new Set();

/** The catalogue of every service that has a table. */
export function catalogue(): Promise<Catalogue> {
  return loadCatalogue([
    'cloudwatch',
    'dynamodb',
    'ec2',
    'iam',
    'kms',
    'lambda',
    'logs',
    'rds',
    'rds-data',
    's3',
    'secretsmanager',
    'sns',
    'sqs',
    'ssm',
  ]);
}

function without({ action, resource, context }: Need, usual: readonly string[]): Expected {
  return [action, resource, Object.fromEntries(Object.entries(context).filter(([key]) => !usual.includes(key)))];
}
