/** Reads the stack's `leasehold` output, wherever it comes from, and checks all of it. */

import { readFileSync } from 'node:fs';
import { defined } from '@leasehold/contract/defined';
import { NAME_ALPHABET, textOf } from '@leasehold/contract/text';
import { isBrokerUrl } from './broker/broker-url';
import { harmlessCause, invalidManifest } from './errors';
import { described, Field, isRecord } from './field';
import { LeaseError } from './lease-error';
import type {
  AgentEntry,
  BrokerEntry,
  BrokeredEntry,
  Manifest,
  ManifestPolicy,
  ParameterEntry,
  RoleEntry,
} from './manifest';
import { readStatements } from './permissions';

/** The version of the output that is read here. */
const VERSION = 1;
const ANEW = 'Write the manifest again: npx leasehold manifest --env ENVIRONMENT > leasehold.json';
/** Tags that a lease carries beside those of its parameters. */
const OWN_TAGS: readonly string[] = ['lease-id', 'reason'];

/**
 * Reads a manifest out of a file, a text or an object. A text that begins with `{` is taken as JSON, any other as a path.
 * @returns a copy that cannot be changed
 * @throws LeaseError `invalid-manifest`
 */
export function readManifest(input: string | object): Manifest {
  const [value, place] = typeof input === 'string' ? parse(input) : [input, 'the manifest'];
  return manifest(new Field(output(value, place), place, complain));
}

function parse(input: string): [value: unknown, place: string] {
  const text = input.replace(/^\ufeff/, '').trimStart();
  if (text.startsWith('{')) return [json(text, 'the manifest'), 'the manifest'];
  return [json(fileText(input).replace(/^\ufeff/, ''), input), input];
}

function fileText(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    const message = path === '' ? 'the path of the manifest is empty' : `${path} cannot be read`;
    throw new LeaseError(
      'invalid-manifest',
      message,
      'Name the file that `npx leasehold manifest --env ENVIRONMENT > leasehold.json` wrote.',
      false,
      { cause: harmlessCause(error) },
    );
  }
}

function json(text: string, place: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new LeaseError(
      'invalid-manifest',
      `${place} is not JSON`,
      'Write it again: npx leasehold manifest --env ENVIRONMENT > leasehold.json',
      false,
      { cause: harmlessCause(error) },
    );
  }
}

/** The value of the output, taken out of what Terraform puts around it. */
function output(value: unknown, place: string): unknown {
  if (!isRecord(value) || Object.hasOwn(value, 'version')) return value;
  const found = Object.hasOwn(value, 'leasehold') ? value.leasehold : value;
  if (isRecord(found) && Object.hasOwn(found, 'value')) {
    return typeof found.value === 'string' ? json(found.value, place) : found.value;
  }
  if (Object.hasOwn(value, 'leasehold')) return found;
  throw invalidManifest(
    `${place} holds no output \`leasehold\``,
    'Run `terraform output -json` in the folder of a stack that Leasehold made, after it was applied.',
  );
}

function manifest(root: Field): Manifest {
  const version = root.at('version');
  if (version.value !== VERSION) {
    throw invalidManifest(
      `${version.place} is ${described(version.value)}, and this runtime reads version ${VERSION}`,
      'Install the version of @leasehold/runtime that belongs to the Leasehold that made the stack.',
    );
  }
  const session = root.at('session');
  const deployed = root.optional('broker');
  return Object.freeze({
    version: VERSION,
    project: root.at('project').text(),
    environment: root.at('environment').text(),
    stack: root.at('stack').text(),
    account: root.at('account').matching(/^\d{12}$/, 'an account of 12 digits'),
    partition: root.at('partition').matching(/^aws[a-z0-9-]*$/, 'a partition, for example "aws"'),
    region: region(root.at('region')),
    stsEndpoint: root.at('stsEndpoint').matching(/^https:\/\/[a-z0-9.-]+\/?$/i, 'the https address of a regional STS'),
    session: Object.freeze({
      leaseIdPrefix: session
        .at('leaseIdPrefix')
        .matching(textOf(NAME_ALPHABET, 1, 30), 'how lease ids begin, for example "lh-"'),
      reasonMinimum: session.at('reasonMinimum').whole(1),
    }),
    ...defined({ broker: deployed && broker(deployed) }),
    agents: root.at('agents').entries(agent),
    roles: root.at('roles').entries(role),
  });
}

function region(field: Field): string {
  return field.matching(/^[a-z0-9-]{4,40}$/, 'a region, for example "eu-west-1"');
}

function broker(field: Field): BrokerEntry {
  const url = field.at('url');
  // What stands there is not repeated: somebody may have put a password into it.
  if (!isBrokerUrl(url.value)) throw invalidManifest(`${url.place} is no https address of a broker`, ANEW);
  return Object.freeze({
    url: url.value,
    region: region(field.at('region')),
    people: field.optional('people')?.entries(arn) ?? Object.freeze({}),
  });
}

function agent(field: Field): AgentEntry {
  const sourceIdentity = field.optional('sourceIdentity');
  return Object.freeze({
    arn: arn(field.at('arn')),
    identity: field.at('identity').text(),
    ...defined({
      sourceIdentity: sourceIdentity?.matching(textOf(NAME_ALPHABET, 2, 64), "the name of the agent's user"),
    }),
    mfaDevices: field
      .at('mfaDevices')
      .entries((device) => device.matching(/^[\w+=/:,.@-]{9,256}$/, 'the serial number of an MFA device')),
  });
}

function role(field: Field): RoleEntry {
  const lease = field.at('lease');
  const brokered = field.optional('broker');
  const defaultSeconds = lease.at('defaultSeconds').whole(1);
  const parameters = field.at('parameters').entries(parameter);
  const expected = [...OWN_TAGS, ...Object.keys(parameters).map((name) => `param.${name}`)];
  return Object.freeze({
    arn: arn(field.at('arn')),
    purpose: field.at('purpose').text(),
    access: field.at('access').oneOf(['read', 'write', 'delete']),
    gates: field.at('gates').list((gate) => gate.text()),
    agents: field.at('agents').list((name) => name.text()),
    lease: Object.freeze({ defaultSeconds, maxSeconds: lease.at('maxSeconds').whole(defaultSeconds) }),
    ...defined({ broker: brokered && brokeredRole(brokered) }),
    parameters,
    tags: tags(field.at('tags'), expected),
    policy: policy(field.at('policy')),
  });
}

function brokeredRole(field: Field): BrokeredEntry {
  const eligible = field.at('eligible');
  return Object.freeze({
    humans: field.at('humans').whole(0),
    windowSeconds: field.at('windowSeconds').whole(1),
    reviewer: field.at('reviewer').oneOf(['off', 'advise', 'decide']),
    eligible: Object.freeze({
      agents: eligible.at('agents').list((name) => name.text()),
      groups: eligible.at('groups').list((name) => name.text()),
    }),
  });
}

function parameter(field: Field): ParameterEntry {
  const pattern = field.optional('pattern');
  const values = field.optional('values');
  const from = field.optional('from');
  return Object.freeze({
    description: field.at('description').text(),
    ...defined({
      pattern: pattern && regularExpression(pattern),
      values: values?.list((value) => value.text(256)),
      from: from?.text(256),
    }),
  });
}

function regularExpression(field: Field): string {
  const pattern = field.text(256);
  try {
    new RegExp(`^(?:${pattern})$`, 'u');
    return pattern;
  } catch {
    throw field.wrong('a regular expression');
  }
}

/** IAM refuses a lease without each of these tags, and with any other. */
function tags(field: Field, expected: readonly string[]): readonly string[] {
  const found = field.list((tag) => tag.text(128));
  if ([...found].sort().join('\n') === [...expected].sort().join('\n')) return found;
  throw field.wrong(`the tags ${expected.join(', ')}`);
}

function policy(field: Field): ManifestPolicy {
  readStatements(field);
  return frozen(JSON.parse(JSON.stringify(field.value)));
}

function arn(field: Field): string {
  return field.matching(/^arn:aws[a-z0-9-]*:iam::\d{12}:(?:user|role)\/[!-~]{1,600}$/, 'the ARN of a user or a role');
}

function frozen<T>(value: T): T {
  if (typeof value !== 'object' || value === null) return value;
  for (const inner of Object.values(value)) frozen(inner);
  return Object.freeze(value);
}

function complain(place: string, expected: string, found: unknown): Error {
  return invalidManifest(`${place} should be ${expected}, and is ${described(found)}`, ANEW);
}
