/** Devices of approvers, on a sandbox that enrols and takes codes as AWS does. */
import {
  CreateVirtualMFADeviceCommand,
  type CreateVirtualMFADeviceCommandOutput,
  DeleteVirtualMFADeviceCommand,
  IAMClient,
  ListMFADevicesCommand,
  ListVirtualMFADevicesCommand,
} from '@aws-sdk/client-iam';
import { AssumeRoleCommand, STSClient } from '@aws-sdk/client-sts';
import type { Sandbox } from '@leasehold/sandbox';
import { Command } from 'commander';
import { Secret, TOTP } from 'otpauth';
import type { MfaParts } from '../../../lib/cli/commands/mfa';
import { mfaWith } from '../../../lib/cli/commands/mfa';
import type { Host } from '../../../lib/cli/host';
import { devicePlace, enrollDevice, listDevices, type MfaClients, type ShownSeed } from '../../../lib/cli/mfa';
import { openShell } from '../../../lib/cli/shell';
import { aSandbox, clientOf, DEV, leaseInput } from '../../sandbox/support/sandbox';
import { anAgent, IDENTITIES } from '../../support/environment';
import { newProject, removeFolders } from '../support';

const PLACE = devicePlace('oncall', anAgent(), DEV);

let sandbox: Sandbox;
let clients: MfaClients;

beforeEach(async () => {
  sandbox = await aSandbox();
  clients = clientsOf(sandbox.administrator);
});

afterEach(() => sandbox.stop());
afterAll(removeFolders);

function clientsOf(keys: Sandbox['keys']): MfaClients {
  const config = clientOf(sandbox, keys);
  return { iam: new IAMClient(config), sts: new STSClient(config) };
}

/** An approver with an app that took the key in. */
class Phone {
  key = '';
  readonly show = ({ key }: ShownSeed) => {
    this.key = key;
  };

  code(step = 0): string {
    const totp = new TOTP({ algorithm: 'SHA1', digits: 6, period: 30, secret: Secret.fromBase32(this.key) });
    return totp.generate({ timestamp: sandbox.clock.now() + step * 30_000 });
  }
}

const never = new AbortController().signal;

function enrol(phone: Phone, code: (which: string) => string | undefined, signal = never) {
  return enrollDevice(clients, PLACE, { show: phone.show, code: async (which) => code(which), signal });
}

async function devices(): Promise<number> {
  const { VirtualMFADevices } = await clients.iam.send(new ListVirtualMFADevicesCommand({ AssignmentStatus: 'Any' }));
  return VirtualMFADevices?.length ?? 0;
}

describe('enrolling', () => {
  it('makes the very device that the stack’s output names, and its codes open leases', async () => {
    const phone = new Phone();
    await enrol(phone, (which) => phone.code(which === 'second' ? 1 : 0));
    expect(PLACE.serialNumber).toBe('arn:aws:iam::123456789012:mfa/hermes-dev-agent-oncall');
    expect(await listDevices(clients, PLACE)).toEqual([
      { serialNumber: PLACE.serialNumber, enabledSince: expect.any(Date) },
    ]);
    sandbox.clock.advance(60);
    const sts = new STSClient(clientOf(sandbox));
    const input = leaseInput(sandbox, { SerialNumber: PLACE.serialNumber, TokenCode: phone.code() });
    expect((await sts.send(new AssumeRoleCommand(input))).Credentials?.SessionToken).toMatch(/./);
  });

  it('shows a QR code and the key, once', async () => {
    const show = jest.fn();
    const code = async () => undefined;
    await expect(enrollDevice(clients, PLACE, { show, code, signal: never })).rejects.toThrow('no code was given');
    expect(show).toHaveBeenCalledTimes(1);
    expect(show).toHaveBeenCalledWith({
      key: expect.stringMatching(/^[A-Z2-7]{16,}$/),
      codes: [expect.stringMatching(/[▀▄█]/), expect.stringMatching(/[▀▄█]/)],
    });
  });

  it('asks again for what is no code, and lets wrong codes be fixed', async () => {
    const phone = new Phone();
    const asked: string[] = [];
    await enrol(phone, (which) => {
      asked.push(which);
      if (asked.length === 1) return 'twelve';
      if (asked.length < 4) return '000000';
      return phone.code(which === 'second' ? 1 : 0);
    });
    expect(asked).toEqual(['first', 'first', 'second', 'first again', 'second']);
    expect(await devices()).toBe(1);
  });

  const interrupted = new AbortController();
  it.each<[string, (which: string) => string | undefined, AbortSignal]>([
    ['nothing is typed', () => undefined, never],
    ['the second code is not given', (which) => (which === 'first' ? '123456' : undefined), never],
    ['codes are wrong three times', () => '000000', never],
    [
      'it is interrupted',
      () => {
        interrupted.abort();
        return '123456';
      },
      interrupted.signal,
    ],
    [
      'the keyboard fails',
      () => {
        throw new Error('unplugged');
      },
      never,
    ],
  ])('leaves nothing behind when %s', async (_, code, signal) => {
    await expect(enrol(new Phone(), code, signal)).rejects.toThrow();
    expect(await devices()).toBe(0);
  });

  it('takes the place of a device that an enrolment left behind unused', async () => {
    const phone = new Phone();
    const cut = { show: phone.show, code: () => new Promise<never>(() => {}), signal: never };
    void enrollDevice(clients, PLACE, cut);
    while (phone.key === '') await new Promise((resolve) => setTimeout(resolve, 10));
    expect(await devices()).toBe(1);
    await enrol(phone, (which) => phone.code(which === 'second' ? 1 : 0));
    expect(await listDevices(clients, PLACE)).toHaveLength(1);
  });

  it('does not replace a device that is in use', async () => {
    sandbox.enrolMfaDevice('oncall');
    await expect(enrol(new Phone(), () => '123456')).rejects.toMatchObject({ code: 'taken' });
    expect(await listDevices(clients, PLACE)).toHaveLength(1);
  });

  it('does not take away a device that somebody else enrolled in the meantime', async () => {
    const { iam, sts } = clients;
    // Between the list and the making, another administrator is done.
    const late = new Proxy(iam, {
      get: (target, name) =>
        name !== 'send'
          ? Reflect.get(target, name)
          : (command: unknown) => {
              if (command instanceof CreateVirtualMFADeviceCommand) sandbox.enrolMfaDevice('oncall');
              return target.send(command as CreateVirtualMFADeviceCommand);
            },
    });
    const host = { show: () => {}, code: async () => '123456', signal: never };
    await expect(enrollDevice({ iam: late, sts }, PLACE, host)).rejects.toMatchObject({ code: 'refused' });
    expect(await listDevices(clients, PLACE)).toHaveLength(1);
  });

  it('says so when a device that was cut off could not be deleted', async () => {
    const { iam, sts } = clients;
    const stuck = new Proxy(iam, {
      get: (target, name) =>
        name !== 'send'
          ? Reflect.get(target, name)
          : (command: unknown) =>
              command instanceof DeleteVirtualMFADeviceCommand
                ? Promise.reject(new Error('unreachable'))
                : target.send(command as CreateVirtualMFADeviceCommand),
    });
    const host = { show: () => {}, code: async () => undefined, signal: never };
    await expect(enrollDevice({ iam: stuck, sts }, PLACE, host)).rejects.toMatchObject({
      message: expect.stringContaining('could not be deleted'),
      hint: 'Delete the device: leasehold mfa remove oncall.',
    });
  });

  it('says so when the user has as many devices as AWS takes', async () => {
    for (let each = 0; each < 8; each += 1) sandbox.enrolMfaDevice(`approver-${each}`);
    await expect(enrol(new Phone(), () => '123456')).rejects.toMatchObject({
      code: 'taken',
      hint: 'Remove one first.',
    });
  });
});

describe('who may', () => {
  it('not the agent itself', async () => {
    const own = clientsOf(sandbox.keys);
    await expect(
      enrollDevice(own, PLACE, { show: () => {}, code: async () => '1', signal: never }),
    ).rejects.toMatchObject({
      code: 'own-identity',
      message: expect.stringContaining('user/agents/hermes-dev-agent'),
    });
    await expect(listDevices(own, PLACE)).rejects.toMatchObject({ code: 'own-identity' });
    expect(await devices()).toBe(0);
  });

  it('not a lease of the agent', async () => {
    const leased = clientsOf(await sandbox.lease('s3-deploy', { parameters: { release: '1.4.2' } }));
    await expect(listDevices(leased, PLACE)).rejects.toMatchObject({ code: 'own-identity' });
  });

  it('not somebody of another account', async () => {
    const elsewhere = { ...DEV, account: '210987654321' };
    await expect(listDevices(clients, devicePlace('oncall', anAgent(), elsewhere))).rejects.toMatchObject({
      code: 'other-account',
    });
  });

  it('and only on a user: nothing else has MFA devices', () => {
    expect(() => devicePlace('oncall', anAgent({ identity: IDENTITIES.lambda }), DEV)).toThrow(
      'MFA devices belong to users',
    );
  });
});

describe('leasehold mfa', () => {
  const PROJECT = {
    'project.yaml': `kind: Project
name: hermes
environments:
  dev: { account: "123456789012", region: ap-northeast-2 }
agents:
  agent: { identity: { type: iam-user } }
approvers: [lead, oncall]
`,
    'ec2-read.yaml': `kind: Role
name: ec2-read
purpose: Look at instances.
access: read
gate: mfa
lease: { default: 15m, max: 15m }
allow:
  - actions: [ec2:DescribeInstances]
    resources: ["*"]
`,
  };

  async function leasehold(line: readonly string[], parts: Partial<MfaParts> = {}, columns?: number) {
    const text = { out: '', err: '' };
    let code: number | undefined;
    const host: Host = {
      out: (part) => {
        text.out += part;
      },
      err: (part) => {
        text.err += part;
      },
      outColumns: undefined,
      errColumns: columns,
      cwd: newProject(PROJECT),
      env: {},
      today: '2026-11-22',
    };
    const command = new Command('mfa').exitOverride();
    const all = { read: async () => undefined, clients: () => clients, ...parts };
    mfaWith(all)(
      command,
      openShell(host, false, (ended) => {
        code = ended;
      }),
    );
    await command.parseAsync(line, { from: 'user' });
    return { code, ...text };
  }

  it('enrols on the second screen of a terminal, lists, and removes', async () => {
    const phone = new Phone();
    let asked = 0;
    const parts: MfaParts = {
      read: async () => phone.code(asked++),
      // The phone learns the key from what AWS answers; what the terminal shows is compared with it below.
      clients: () => ({
        ...clients,
        iam: new Proxy(clients.iam, {
          get: (iam, name) =>
            name === 'send'
              ? async (command: unknown) => {
                  const answer: CreateVirtualMFADeviceCommandOutput = await iam.send(
                    command as CreateVirtualMFADeviceCommand,
                  );
                  const seed = answer.VirtualMFADevice?.Base32StringSeed;
                  if (seed) phone.key = Buffer.from(seed).toString();
                  return answer;
                }
              : Reflect.get(iam, name),
        }),
      }),
    };
    const enrolled = await leasehold(['enroll', 'oncall'], parts, 100);
    expect(enrolled).toMatchObject({ code: 0, out: expect.stringContaining('mfa/hermes-dev-agent-oncall') });
    expect(enrolled.out).not.toContain(phone.key);
    const shown = enrolled.err.slice(enrolled.err.indexOf('[?1049h'), enrolled.err.indexOf('[?1049l'));
    expect(shown.replaceAll(' ', '')).toContain(phone.key);
    expect(enrolled.err.replace(shown, '').replaceAll(' ', '')).not.toContain(phone.key);

    sandbox.enrolMfaDevice('gone');
    const { out } = await leasehold(['list']);
    expect(out).toMatch(/^lead +\S+-lead +not enrolled$/m);
    expect(out).toMatch(/^oncall +\S+-oncall +\d{4}-/m);
    expect(out).toMatch(/^of no approver +\S+-gone +remove it/m);

    expect(await leasehold(['remove', 'oncall'])).toMatchObject({ code: 0 });
    expect(await leasehold(['remove', 'gone'])).toMatchObject({ code: 0 });
    const left = await clients.iam.send(new ListMFADevicesCommand({ UserName: PLACE.userName }));
    expect(left.MFADevices).toEqual([]);
    expect(await leasehold(['remove', 'oncall'])).toMatchObject({ code: 1, err: expect.stringContaining('no device') });
  });

  it('shows no seed where there is no terminal', async () => {
    await expect(leasehold(['enroll', 'oncall'])).rejects.toThrow('there is no terminal');
    expect(await devices()).toBe(0);
  });

  it('tells an agent that it may not', async () => {
    const own = { clients: () => clientsOf(sandbox.keys) };
    expect(await leasehold(['enroll', 'oncall'], own, 100)).toMatchObject({
      code: 1,
      err: expect.stringContaining('no agent may touch the devices'),
    });
  });

  it.each([
    [['enroll', 'nobody'], 'no approver "nobody"'],
    [['enroll'], 'whose device to enroll is not named'],
    [['remove'], 'whose device to remove is not named'],
  ])('%j cannot be carried out', async (line, message) => {
    await expect(leasehold(line, {}, 100)).rejects.toThrow(message);
  });
});
