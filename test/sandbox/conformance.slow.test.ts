/** STS and IAM as AWS documents them: test/cases/sandbox/{assume-role,sessions,iam}.json, each row with its source. */
import assumeRole from '../cases/sandbox/assume-role.json';
import iam from '../cases/sandbox/iam.json';
import sessions from '../cases/sandbox/sessions.json';
import { type CallerName, Cast, LEASE, type QueryCall } from './support/cast';

interface Row {
  readonly rule: string;
  /** Who calls. Default: the agent, with its long-term key. */
  readonly by?: CallerName;
  readonly before?: 'use the code';
  readonly call: QueryCall;
  readonly expect: {
    readonly status: number;
    readonly code?: string;
    readonly message?: string;
    readonly contains?: string;
  };
}

let cast: Cast;
/** Rows whose own call the SDK cannot make. */
const byHand: string[] = [];

beforeEach(async () => {
  cast = await Cast.enter();
});
afterEach(() => cast.leave());

async function play(
  service: 'sts' | 'iam',
  { rule, by = 'alice', before, call, expect: expected }: Row,
): Promise<void> {
  const keys = await cast.keys(by);
  if (before) await cast.call(service, cast.fill(LEASE), keys);
  const others = cast.sent;
  const answer = await cast.call(service, cast.fill(call), keys);
  if (cast.sent.byHand > others.byHand) byHand.push(rule);
  expect([answer.status, answer.code]).toEqual([expected.status, expected.code]);
  if (expected.message !== undefined) expect(answer.message).toContain(expected.message);
  if (expected.contains !== undefined) expect(answer.text).toContain(expected.contains);
}

describe('AssumeRole', () => {
  it.each(assumeRole as readonly Row[])('$rule', (row) => play('sts', row));
});

describe('the rest of STS', () => {
  it.each(sessions as readonly Row[])('$rule', (row) => play('sts', row));
});

describe('IAM', () => {
  it.each(iam as readonly Row[])('$rule', (row) => play('iam', row));
});

/** What the SDK does not know yet, does not sign, or would never send. */
const NOT_THE_SDKS = /^(STS: (AssumeRoleWithSAML|an action that is none|another version|no action))/;

it('every other call is made by the SDK itself', () => {
  expect(byHand.filter((rule) => !NOT_THE_SDKS.test(rule))).toEqual([]);
});
