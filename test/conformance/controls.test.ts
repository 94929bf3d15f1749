/** A probe whose control fails decides nothing, and a denial that ends late is none. */
import { HeldKeys, Secrets } from '../../lib/conformance/aws/secrets';
import { Bench } from '../../lib/conformance/bench';
import { probePlan } from '../../lib/conformance/identities/plan';
import type { Lab } from '../../lib/conformance/lab';
import type { RunnableProbe } from '../../lib/conformance/probe';
import { mfaSecondDevice, sessionTokenRefused } from '../../lib/conformance/probes/mfa';
import { scopedIssueTime } from '../../lib/conformance/probes/scoped';
import { resourceTagOnAssumeRole, sourceIdentityInChains } from '../../lib/conformance/probes/session';
import { TotpDevice } from '../../lib/conformance/totp-device';

const plan = probePlan({ account: '123456789012', region: 'eu-west-1', run: 'lhp0123456789abcdef', partition: 'aws' });

/** A call, as AWS sees it. `changed`: whether the administrator has changed a tag or a policy before. */
interface Call {
  readonly command: string;
  /** Key of the role that is assumed. */
  readonly role: string;
  readonly code: string | undefined;
  /** Access key id of the caller. */
  readonly by: string;
  /** Number of earlier calls of this command for this role. */
  readonly earlier: number;
  readonly changed: boolean;
}

type Verdict = 'allow' | 'deny' | 'wrong code';

/** Runs a probe against an AWS that decides so. Every session has its own access key id: `S1`, `S2` and so on. */
async function verdictOf(probe: RunnableProbe, decide: (call: Call) => Verdict) {
  let [now, sessions, changed] = [1_800_000_000_000, 0, false];
  const counts = new Map<string, number>();
  const secrets = new Secrets();
  const device = (number: number) =>
    new TotpDevice(`mfa-${number}`, Buffer.from(`JBSWY3DPEHPK3PX${'ABC'[number]}`), secrets);
  const send = async ({ command, input, keys }: { command: string; input: Input; keys: HeldKeys }) => {
    const role = input.RoleArn?.replace(/^.*-p-/, '') ?? '';
    const earlier = counts.get(`${command} ${role}`) ?? 0;
    counts.set(`${command} ${role}`, earlier + 1);
    const by = keys.reveal().accessKeyId;
    const verdict = decide({ command, role, code: input.TokenCode, by, earlier, changed });
    const message = verdict === 'deny' ? 'not authorized' : 'MultiFactorAuthentication failed with invalid MFA code';
    if (verdict !== 'allow') {
      throw Object.assign(new Error(message), { name: 'AccessDenied', $metadata: { httpStatusCode: 403 } });
    }
    const issues = /^(AssumeRole|GetS)/.test(command);
    return issues ? { Credentials: { AccessKeyId: `S${++sessions}`, SecretAccessKey: 'secret-key' } } : {};
  };
  const key = (id: string) => new HeldKeys(id, { accessKeyId: id, secretAccessKey: 'x' });
  const lab = {
    plan,
    secrets,
    clients: { send },
    identities: { agent: key('agent'), operator: key('operator'), devices: [device(0), device(1)] },
    administrator: {
      call: async () => {
        changed = true;
      },
    },
    regions: ['eu-west-1'],
    signal: new AbortController().signal,
    clock: {
      now: () => now,
      sleep: async (milliseconds: number) => {
        now += milliseconds;
      },
    },
    patience: { settle: 6, change: 10 },
    broker: key('broker'),
    leases: 0,
  } as unknown as Lab;
  return probe.run(new Bench(lab, [])).then(
    ({ verdict }) => verdict,
    ({ name, verdict }) => `${name}: ${verdict}`,
  );
}

interface Input {
  readonly RoleArn?: string;
  readonly TokenCode?: string;
}

const FAILED = 'Inconclusive: not decided';

it.each<readonly [name: string, expected: string, probe: RunnableProbe, decide: (call: Call) => Verdict]>([
  ['codes are not checked', FAILED, mfaSecondDevice, () => 'allow'],
  [
    'used codes are refused',
    'holds',
    mfaSecondDevice,
    (() => {
      const used = new Set<string | undefined>();
      return ({ code }: Call) => {
        if (used.has(code)) return 'wrong code';
        used.add(code);
        return 'allow';
      };
    })(),
  ],
  ['nothing opens after the tag', FAILED, resourceTagOnAssumeRole, ({ changed }) => (changed ? 'deny' : 'allow')],
  [
    'only the shut role does not open after the tag',
    'holds',
    resourceTagOnAssumeRole,
    ({ changed, role }) => (changed && role === 'shut' ? 'deny' : 'allow'),
  ],
  [
    'the new policy denies every lease',
    FAILED,
    scopedIssueTime,
    ({ changed, command }) => (changed && command === 'ListTables' ? 'deny' : 'allow'),
  ],
  [
    'the new policy denies older leases',
    'holds',
    scopedIssueTime,
    ({ changed, by }) => (changed && ['S1', 'S2'].includes(by) ? 'deny' : 'allow'),
  ],
  [
    'STS sees the deployed role late',
    'violated',
    sessionTokenRefused,
    ({ role, earlier }) => (role === 'mfa' && earlier === 0 ? 'deny' : 'allow'),
  ],
  ['STS denies the deployed role', 'holds', sessionTokenRefused, ({ role }) => (role === 'mfa' ? 'deny' : 'allow')],
  [
    'STS sees the role outside late',
    'violated',
    sourceIdentityInChains,
    ({ role, earlier }) => (role === 'target' && earlier === 0 ? 'deny' : 'allow'),
  ],
  [
    'STS denies the role outside',
    'holds',
    sourceIdentityInChains,
    ({ role }) => (role === 'target' ? 'deny' : 'allow'),
  ],
])('%s: %s', async (_, expected, probe, decide) => {
  expect(await verdictOf(probe, decide)).toBe(expected);
});
