/**
 * The account of test/cases/sandbox/account.tf.json, with everybody who calls in the decision tables: `alice`, an agent
 * as Leasehold deploys it; `bob`, another user; the administrator; and sessions of theirs.
 */
import { join } from 'node:path';
import { type Sandbox, type SandboxOptions, startSandbox } from '@leasehold/sandbox';
import { TOTP } from 'otpauth';
import { plain } from './sandbox';
import { sdkCall } from './sdk-call';
import { form, type Keys, send, type WireAnswer } from './wire';

export const ACCOUNT = join(__dirname, '../../cases/sandbox/account.tf.json');

/** A call in the query protocol; `Tags`, `PolicyArns` and `TransitiveTagKeys` are written as a person would. */
export type QueryCall = Readonly<Record<string, string | readonly string[] | Readonly<Record<string, string>>>>;

export type CallerName =
  | 'alice'
  | 'bob'
  | 'administrator'
  | 'session-token'
  | 'session-token-mfa'
  | 'open'
  | 'open-transitive'
  | 'open-identified'
  | 'lease';

/** A sandbox with MFA devices `alice` and `bob`, enabled for these two, and `free`, which nobody has. */
export class Cast {
  readonly sandbox: Sandbox;
  readonly #sent = { bySdk: 0, byHand: 0 };
  readonly #devices = new Map<string, { readonly serial: string; readonly totp: TOTP }>();

  private constructor(sandbox: Sandbox) {
    this.sandbox = sandbox;
  }

  static async enter(options: SandboxOptions = {}): Promise<Cast> {
    const cast = new Cast(await startSandbox({ source: { stacks: [ACCOUNT] }, user: 't-dev-alice', ...options }));
    // Ten seconds into a step, so that no code changes while a row is played.
    cast.sandbox.clock.set(new Date('2027-01-01T00:00:10Z'));
    for (const [name, user] of [
      ['alice', 't-dev-alice'],
      ['bob', 't-dev-bob'],
      ['free', undefined],
    ] as const) {
      await cast.#enrol(name, user);
    }
    cast.sandbox.clock.advance(120);
    return cast;
  }

  /** How many calls the SDK has sent, and how many were made by hand. */
  get sent(): { readonly bySdk: number; readonly byHand: number } {
    return { ...this.#sent };
  }

  serial(device: string): string {
    return this.#device(device).serial;
  }

  /** The code of a device at some seconds from now. */
  code(device: string, offset = 0): string {
    return this.#device(device).totp.generate({ timestamp: this.sandbox.clock.now() + offset * 1000 });
  }

  /** Calls STS or IAM: by the SDK where it can say it, else by hand. */
  async call(service: 'sts' | 'iam', call: QueryCall, keys: Keys): Promise<WireAnswer> {
    const region = service === 'sts' ? 'ap-northeast-2' : 'us-east-1';
    const parameters = { Version: service === 'sts' ? '2011-06-15' : '2010-05-08', ...parametersOf(call) };
    const answer = await sdkCall(this.sandbox, service, region, parameters, keys);
    this.#sent[answer ? 'bySdk' : 'byHand'] += 1;
    return answer ?? send(this.sandbox, { service, region, keys, ...form(parameters) });
  }

  /** A call with its placeholders filled in, at this moment. */
  fill(call: QueryCall): QueryCall {
    return JSON.parse(
      JSON.stringify(call).replace(/\{([a-z-]+?)(-?\d+)?\}/g, (_, name: string, offset?: string) =>
        this.#value(name, Number(offset ?? 0)),
      ),
    );
  }

  /** Keys of somebody, got over the wire. A code that this takes is 60 seconds old afterwards. */
  async keys(name: CallerName): Promise<Keys> {
    const { sandbox } = this;
    if (name === 'administrator') return plain(sandbox.administrator);
    if (name === 'bob') return plain(sandbox.keysOf('t-dev-bob'));
    const alice = plain(sandbox.keys);
    if (name === 'alice') return alice;
    const answer = await this.call('sts', this.fill(SESSIONS[name]), alice);
    if (answer.status !== 200) throw new Error(`${name}: ${answer.text}`);
    sandbox.clock.advance(60);
    return keysIn(answer.text);
  }

  leave(): Promise<void> {
    return this.sandbox.stop();
  }

  async #enrol(name: string, user: string | undefined): Promise<void> {
    const admin = plain(this.sandbox.administrator);
    const path = name === 'bob' ? 't-dev-bob' : name;
    const { text } = await this.call('iam', { Action: 'CreateVirtualMFADevice', VirtualMFADeviceName: path }, admin);
    const seed = Buffer.from(/<Base32StringSeed>([^<]+)</.exec(text)?.[1] ?? '', 'base64').toString();
    const serial = /<SerialNumber>([^<]+)</.exec(text)?.[1] ?? '';
    this.#devices.set(name, { serial, totp: new TOTP({ secret: seed }) });
    if (user === undefined) return;
    const codes = { AuthenticationCode1: this.code(name, -30), AuthenticationCode2: this.code(name) };
    const call = { Action: 'EnableMFADevice', UserName: user, SerialNumber: serial, ...codes };
    const { status } = await this.call('iam', call, admin);
    if (status !== 200) throw new Error(`the device ${name} could not be enabled`);
  }

  #device(name: string) {
    const device = this.#devices.get(name);
    if (!device) throw new Error(`no device ${name}`);
    return device;
  }

  #value(name: string, offset: number): string {
    const device = /^(?:(bobs|free)-)?(code|serial)$/.exec(name);
    if (device) {
      const owner = { bobs: 'bob', free: 'free' }[device[1] ?? ''] ?? 'alice';
      return device[2] === 'serial' ? this.serial(owner) : this.code(owner, offset);
    }
    if (name === 'key') return this.sandbox.keys.accessKeyId;
    return `arn:aws:iam::123456789012:role/leasehold/t-dev/t-dev-${name}`;
  }
}

/** A lease of role `task` that is in order. */
export const LEASE: QueryCall = {
  Action: 'AssumeRole',
  RoleArn: '{task}',
  RoleSessionName: 'lh-9',
  SourceIdentity: 't-dev-alice',
  DurationSeconds: '900',
  SerialNumber: '{serial}',
  TokenCode: '{code}',
  Tags: { 'lease-id': 'lh-9', reason: 'Deploy build 1.4.2', 'param.release': '1.4.2' },
};

const OPEN: QueryCall = { Action: 'AssumeRole', RoleArn: '{open}', RoleSessionName: 'opened' };

const SESSIONS: Readonly<Record<Exclude<CallerName, 'alice' | 'bob' | 'administrator'>, QueryCall>> = {
  'session-token': { Action: 'GetSessionToken' },
  'session-token-mfa': { Action: 'GetSessionToken', SerialNumber: '{serial}', TokenCode: '{code}' },
  open: OPEN,
  'open-transitive': { ...OPEN, Tags: { cost: '1', note: '1' }, TransitiveTagKeys: ['cost'] },
  'open-identified': { ...OPEN, SourceIdentity: 't-dev-alice' },
  lease: LEASE,
};

/** Credentials in an answer of STS. */
export function keysIn(text: string): Keys {
  const field = (name: string) => new RegExp(`<${name}>([^<]+)<`).exec(text)?.[1] ?? '';
  return {
    accessKeyId: field('AccessKeyId'),
    secretAccessKey: field('SecretAccessKey'),
    sessionToken: field('SessionToken'),
  };
}

function parametersOf(call: QueryCall): Record<string, string> {
  const parameters: Record<string, string> = {};
  for (const [name, value] of Object.entries(call)) {
    if (typeof value === 'string') parameters[name] = value;
    else if (name === 'Tags') {
      Object.entries(value).forEach(([key, text], index) => {
        parameters[`Tags.member.${index + 1}.Key`] = key;
        parameters[`Tags.member.${index + 1}.Value`] = text;
      });
    } else {
      (value as readonly string[]).forEach((text, index) => {
        parameters[`${name}.member.${index + 1}${name === 'PolicyArns' ? '.arn' : ''}`] = text;
      });
    }
  }
  return parameters;
}
