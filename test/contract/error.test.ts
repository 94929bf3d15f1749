/** Every error that can reach a user has a code and a hint, and shows them however it is printed. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { LeaseholdError } from '@leasehold/contract/error';
import { PlanError } from '@leasehold/review';
import { BrokerProblem, EnvironmentNotClean, LeaseError, LeaseExpired } from '@leasehold/runtime';
import { SandboxError } from '@leasehold/sandbox';
import { EndpointRefusal } from '@leasehold/serve';
import { HolderError } from '@leasehold/serve/holder';
import { SignInError } from '@leasehold/serve/login';
import { IncompleteRecord } from '../../lib/broker/consent/administration-pages';
import { KeyFault } from '../../lib/broker/consent/key-fault';
import { LeaseFault, Unauthentic } from '../../lib/broker/lease/fault';
import { BrokerFault } from '../../lib/broker/service/fault';
import { UnshownGrant } from '../../lib/broker/words/grant';
import { WrongCode } from '../../lib/cli/broker/refusals';
import { UsageError } from '../../lib/cli/exit';
import { MfaError } from '../../lib/cli/mfa/error';
import { ConformanceError } from '../../lib/conformance/error';
import { GuardrailError } from '../../lib/constructs/synthesize';
import { Unread } from '../../lib/doctor/unread';
import { Refusal } from '../../lib/mcp/error';
import { PolicyError } from '../../lib/policy/evaluate/error';
import { StsRefusal } from '../../lib/sandbox/ask';
import { TrailError } from '../../lib/usage/error';
import { packagesOf } from '../support/imports';

const ROOT = join(__dirname, '..', '..');
const packages = packagesOf(ROOT);

/** Errors that are caught within their own package, and why nobody else sees them. */
const INTERNAL: Readonly<Record<string, string>> = {
  AuthRefusal: 'answered in the words of AWS by lib/sandbox/wire/auth-errors.ts',
  AwsError: 'is an answer of AWS on the wire',
  UnmappedRequest: 'answered as a denial by the sandbox',
  NotLogged: 'answered as 503 by leasehold proxy',
  OverBudget: 'a comparison without an answer: unknown',
  JsonFault: 'becomes a PlanError',
  PatternFault: 'becomes a complaint with a place',
  CallRefused: 'a call that the signing proxy denies: it becomes an error of the service',
  CallFailed: 'becomes ReviewerFailed or TokenInvalid',
  KeyTaken: 'the other request answers',
  Unavailable: 'an answer of a port; callers read a BrokerFault',
  Refused: 'an answer of a port; callers read a BrokerFault',
  NoSuchPage: 'an answer of a port; callers read a BrokerFault',
  ReviewerFailed: 'an answer of a port; callers read a BrokerFault',
  TokenInvalid: 'an answer of a port; callers read a BrokerFault',
  UnreadableItem: 'becomes a broken record',
  NotTaken: 'the call is made again without what was not taken',
  BotError: 'becomes a LeaseError of the channel',
  Inconclusive: 'becomes the verdict of a probe',
  NotEditable: 'the proposal lists the change as refused',
  BrokerRefusal: 'put into words by console/app/api/explain.ts',
  PageRefusal: 'put into words by console/app/api/explain.ts',
  SignedOut: 'put into words by console/app/api/explain.ts',
  SignInFailed: 'put into words by console/app/api/explain.ts',
  UnexpectedAnswer: 'put into words by console/app/api/explain.ts',
};

/** The entry for programs that answer on the wire as AWS does: it exports the errors that become such answers. */
const WIRE_ENTRY = 'lib/sandbox/requests.ts';

/** A code or a key, in everything that an error is given beside its words. */
const SECRET = 'wJalrXUtnFEMI-718293';
const options = { cause: Object.assign(new Error(SECRET), { request: { TokenCode: SECRET } }) };

/** One of each exported class. */
const INSTANCES: Readonly<Record<string, LeaseholdError>> = {
  LeaseholdError: new LeaseholdError({ code: 'any', message: 'It fails.', hint: 'Try again.' }, options),
  LeaseError: new LeaseError('denied', 'It is denied.', 'Stop here.', false, options),
  LeaseExpired: new LeaseExpired('lh-1', 'The lease is over.'),
  EnvironmentNotClean: new EnvironmentNotClean([{ kind: 'environment', what: 'a key', where: 'AWS_ACCESS_KEY_ID' }]),
  BrokerProblem: new BrokerProblem({
    type: 'https://leasehold.dev/problems/forbidden',
    title: 'Forbidden',
    status: 403,
    detail: 'You may not.',
    code: 'forbidden',
    hint: 'Call as somebody who may.',
    retryable: false,
  }),
  HolderError: new HolderError('The holder is gone.', 'Start it.', options),
  EndpointRefusal: new EndpointRefusal('unavailable', 'It does not answer.', 'Start it.', options),
  SandboxError: new SandboxError('The port is taken.', 'Give another one.', options),
  SignInError: new SignInError('denied', 'The sign-in is over.', 'Sign in again.', false, options),
  StsRefusal: new StsRefusal('AssumeRole', 'AccessDenied', 'You may not.', 'Ask with a code.'),
  PolicyError: new PolicyError('policy', { code: 'bad-effect', path: ['Effect'], got: 1, expected: 'text' }, options),
  PlanError: new PlanError({ code: 'empty', message: 'It is empty.', hint: 'Name another one.' }, options),
  MfaError: new MfaError('taken', 'There is one.', 'Remove it first.', options),
  UsageError: new UsageError('no name', { expected: 'a name', hint: 'Give one.' }, options.cause),
  WrongCode: new WrongCode('The code is wrong.'),
  GuardrailError: new GuardrailError([]),
  Refusal: new Refusal('no-lease', 'There is no such lease.', 'Ask for one.'),
  ConformanceError: new ConformanceError('refused', 'It was refused.', 'Permit it.', options),
  Unread: new Unread({ code: 'no-permission', message: 'It may not be read.', hint: 'Permit it.' }, options),
  TrailError: new TrailError({ code: 'aws', message: 'It was denied.', hint: 'Permit it.' }, options),
  IncompleteRecord: new IncompleteRecord('revocations', 2, 1),
  KeyFault: new KeyFault('no-code', 'The code is wrong.'),
  LeaseFault: new LeaseFault('own-lease', 'Nobody approves their own lease.'),
  Unauthentic: new Unauthentic([{ type: SECRET } as never], [1]),
  UnshownGrant: new UnshownGrant('It has NotAction.'),
  BrokerFault: new BrokerFault('busy', 'Another request was first.', {}, options),
};

/** Class → its parent and whether its file exports it, of every class in the sources. */
const CLASSES = new Map(
  packages
    .flatMap(({ files }) => files)
    .flatMap((file) => [
      ...readFileSync(join(ROOT, file), 'utf8').matchAll(
        /^(export )?(?:abstract )?class (\w+)(?:<.*?>)? extends (\w+)/gm,
      ),
    ])
    .map(([, exported, name = '', parent = '']) => [name, { parent, exported: exported !== undefined }] as const),
);
const ancestors = (name: string): readonly string[] => {
  const parent = CLASSES.get(name)?.parent;
  return parent === undefined ? [] : [parent, ...ancestors(parent)];
};

it('every error class extends the base, or is internal for a reason', () => {
  const direct = [...CLASSES].filter(([, { parent }]) => /^(\w*Error)$/.test(parent) && !CLASSES.has(parent));
  expect(direct.map(([name]) => name).sort()).toEqual(['LeaseholdError', ...Object.keys(INTERNAL)].sort());
});

it('no package exports an internal error', () => {
  const entries = packages.flatMap((each) => [...each.entries.values()]);
  expect(entries).toContain(WIRE_ENTRY);
  const exported = entries
    .filter((entry) => entry !== WIRE_ENTRY)
    .map((entry) => readFileSync(join(ROOT, entry), 'utf8'));
  expect(exported.length).toBeGreaterThan(20);
  const isExported = (name: string) =>
    exported.some((text) => new RegExp(`^export (?:\\{[^}]*\\b${name}\\b|class ${name}\\b)`, 'm').test(text));
  expect(isExported('PlanError')).toBe(true);
  expect(Object.keys(INTERNAL).filter(isExported)).toEqual([]);
});

it('there is an instance of every exported class here', () => {
  const ours = [...CLASSES].filter(([name, { exported }]) => exported && ancestors(name).includes('LeaseholdError'));
  expect(Object.keys(INSTANCES).sort()).toEqual(['LeaseholdError', ...ours.map(([name]) => name)].sort());
});

describe.each(Object.entries(INSTANCES))('%s', (_, error) => {
  it('has a code and a hint, and shows them as text and as JSON', () => {
    expect(error).toBeInstanceOf(LeaseholdError);
    expect(error.code).toMatch(/^\w[\w-]*$/);
    expect(error.hint).toMatch(/^[A-Z`].*\.$/);
    const { name, code, message, hint } = error;
    expect(JSON.parse(JSON.stringify(error))).toMatchObject({ name, code, message, hint });
    for (const part of [name, code, message, hint]) expect(String(error)).toContain(part);
  });

  it('shows nothing of its cause', () => {
    expect(`${error} ${JSON.stringify(error)}`).not.toContain(SECRET);
  });
});
