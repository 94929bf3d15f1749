/** The registry of Terraform types: every type of the provider has one class, and nothing is read that is not in it. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { checks } from '../../../lib/review/findings/list';
import { GUARDS, OPENERS } from '../../../lib/review/findings/protection-types';
import { CLASSES, classify, isRead } from '../../../lib/review/types/classify';
import { GRANTS } from '../../../lib/review/types/grants';
import { LETS_IN } from '../../../lib/review/types/open-access-types';
import {
  classifiedTypes,
  classOf,
  PROVIDER_VERSION,
  unclassifiedPaths,
} from '../../../lib/review/types/provider-types';
import table from '../../../lib/review/types/provider-types.json';
import { ROLE_GRANTS } from '../../../lib/review/types/role-grants';
import { MAKES_ANYTHING, UNREAD_ACCESS, UNREAD_POLICY } from '../../../lib/review/types/unread-types';
import { WATCHED_TYPES } from '../../../lib/review/types/watched-types';

/** Types that the provider of the table does not have yet. */
const NEWER = new Set(['aws_accountaccess_entitlement']);

const attributesOf = (type: string): readonly string[] => {
  const all: Readonly<Record<string, string>> = table.attributes;
  return all[type.replace(/^aws_/, '')]?.split(' ') ?? [];
};

test('every type of the provider has exactly one class', () => {
  const names = CLASSES.flatMap((each) => table.classes[each].split(' '));
  expect(new Set(names).size).toBe(names.length);
  expect(names.length).toBeGreaterThan(1_500);
  expect(PROVIDER_VERSION).toMatch(/^\d+\.\d+\.\d+$/);
});

test('the page about plan review counts them', () => {
  const page = readFileSync(join(__dirname, '../../../docs/plan-review.md'), 'utf8');
  const told = [...page.matchAll(/^\| [^|]+ \| ([\d,]+) \|/gm)].map(([, count = '']) => Number(count.replace(',', '')));
  expect(told.slice(0, CLASSES.length)).toEqual(CLASSES.map((each) => table.classes[each].split(' ').length));
  const unread = UNREAD_ACCESS.size + MAKES_ANYTHING.size;
  expect(page).toContain(`${unread} of these types cannot be compared and are reported as`);
});

test('the committed classes are those of the tables', () => {
  const wrong = [...classifiedTypes()].filter((type) => classOf(type) !== classify(type, attributesOf(type)));
  expect(wrong).toEqual([]);
});

test('whatever the tables name is a type of the provider', () => {
  const named = [...WATCHED_TYPES, ...UNREAD_ACCESS, ...UNREAD_POLICY, ...MAKES_ANYTHING];
  expect(named.filter((type) => classOf(type) === undefined && !NEWER.has(type))).toEqual([]);
});

test('a type that gives access or holds a policy is read, or reported as unread', () => {
  const dangerous = [...classifiedTypes()].filter((type) => ['access', 'policy'].includes(classOf(type) ?? ''));
  const silent = dangerous.filter(
    (type) => !isRead(type) && !UNREAD_ACCESS.has(type) && !UNREAD_POLICY.has(type) && !MAKES_ANYTHING.has(type),
  );
  expect(dangerous.length).toBeGreaterThan(200);
  expect(silent).toEqual([]);
});

test('no type is read and reported as unread', () => {
  const both = [...UNREAD_ACCESS, ...UNREAD_POLICY, ...MAKES_ANYTHING].filter((type) => isRead(type));
  expect(both).toEqual([]);
});

test('what a check is keyed by is watched', () => {
  const keyed = [GRANTS, ROLE_GRANTS, LETS_IN, GUARDS, OPENERS].flatMap((each) => Object.keys(each));
  expect(keyed.filter((type) => !WATCHED_TYPES.has(type))).toEqual([]);
  expect(checks.length).toBeGreaterThan(15);
});

test('every path of a grant is an attribute of its type', () => {
  const missing = [...Object.entries(GRANTS), ...Object.entries(ROLE_GRANTS)].flatMap(([type, grant]) => {
    const paths: readonly string[] = 'to' in grant ? grant.to : grant.roles.map(({ path }) => path);
    const known = new Set(attributesOf(type));
    // Maps and texts have no attributes of their own.
    const wanted = paths.map((path) => path.replaceAll('.*', ''));
    return NEWER.has(type) ? [] : wanted.filter((path) => !isKnown(path, known)).map((path) => `${type} ${path}`);
  });
  expect(missing).toEqual([]);

  function isKnown(path: string, known: ReadonlySet<string>): boolean {
    const last = path.slice(path.lastIndexOf('.') + 1);
    if (!/role|account|principal|permission|polic|share|member|grant/.test(last)) return true;
    return known.has(path) || known.has(path.split('.')[0] ?? '');
  }
});

test.each<[string, string, unknown, readonly string[]]>([
  ['a type that nobody knows, with a principal', 'aws_new_share', { principal: 'x' }, ['principal']],
  ['a type that nobody knows, with a role in a block', 'aws_new_thing', { b: [{ role_arn: 'x' }] }, ['b.role_arn']],
  ['a type that nobody knows, with a policy', 'aws_new_thing', { resource_policy: '{}' }, ['resource_policy']],
  ['a type that nobody knows, with what scales', 'aws_new_thing', { mixed_instances_policy: [{}] }, []],
  ['a type that nobody knows, with a TLS policy', 'aws_new_listener', { ssl_policy: 'x' }, []],
  ['a type that nobody knows, with tags', 'aws_new_thing', { tags: { account_id: '1' }, name: 'x' }, []],
  ['a type that nobody knows, with nothing in it', 'aws_new_thing', { principal: null, accounts: [] }, []],
  ['an attribute that a known type did not have', 'aws_sqs_queue', { shared_accounts: ['1'] }, ['shared_accounts']],
  ['a known listener', 'aws_lb_listener', { ssl_policy: 'ELBSecurityPolicy-2016-08' }, []],
  ['a known cluster', 'aws_eks_cluster', { upgrade_policy: [{ support_type: 'STANDARD' }] }, []],
  ['variables of a known function', 'aws_lambda_function', { environment: [{ variables: { ACCOUNT_ID: '1' } }] }, []],
])('%s', (_, type, values, paths) => {
  expect(unclassifiedPaths(type, values)).toEqual(paths);
});
