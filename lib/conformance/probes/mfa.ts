/** Probes about the trust policy conditions that require an MFA code in the same `AssumeRole` call. */
import { isWrongCode } from '../aws/answer';
import type { Bench, Code, Opened } from '../bench';
import { Inconclusive } from '../inconclusive';
import { holds, notDecided, type RunnableProbe, violated } from '../probe';
import { stepAt } from '../totp-device';
import { undecided } from '../verdicts';

const CONTROL = 'the role without MFA conditions, with the agent’s key alone';

/**
 * Runs a control: checks that the role without MFA conditions can be assumed. If it can, all other deployed conditions
 * on the session are met.
 */
async function demandControl(bench: Bench): Promise<void> {
  bench.demandAllowed(await bench.eventually(() => bench.openAsAgent('mfa-control', CONTROL, undefined)));
}

export const mfaOnAssumeRole: RunnableProbe = {
  id: 'mfa-on-assume-role',
  topic: 'mfa',
  assumption:
    'In an AssumeRole call with a long-term key and a code, `aws:MultiFactorAuthPresent` is true and `aws:TokenIssueTime` is absent',
  tried:
    'The probe assumes a role with the deployed trust policy for gate `mfa` with a code, and then tries to assume it without a code. The same policy without its MFA conditions is the control.',
  consequence: 'No lease with gate `mfa` can be opened.',
  change:
    'If the probe `mfa-code-age` holds, choose `code-age` in the definitions, with which one code can open leases for a minute. Otherwise use gate `broker`, which needs no code on the call.',
  alternative: { key: 'mfa.oneCodeOneLease', value: 'code-age' },
  run: async (bench) => {
    await demandControl(bench);
    const opened = await bench.eventuallyWithCode((code) =>
      bench.openAsAgent('mfa', 'the deployed role, with a code', code),
    );
    if (opened.outcome === 'denied')
      return violated('The deployed trust policy denies a call that contains an MFA code.');
    if (opened.outcome !== 'allowed') return undecided(opened);
    const without = await bench.openAsAgent('mfa', 'the deployed role, without a code', undefined);
    if (without.outcome === 'allowed')
      return violated('The deployed trust policy also permits a call without an MFA code.');
    return without.outcome === 'denied'
      ? holds('The role can be assumed with an MFA code, but not without a code.')
      : undecided(without);
  },
};

export const mfaCodeAge: RunnableProbe = {
  id: 'mfa-code-age',
  topic: 'mfa',
  assumption: 'In a call that contains an MFA code, `aws:MultiFactorAuthAge` is present and less than 60',
  tried:
    'The probe assumes a role with the trust policy that `mfa: { oneCodeOneLease: code-age }` deploys, with a code. If this call is denied, the probe tries a role whose trust policy requires that the age is absent.',
  consequence:
    'With `mfa: { oneCodeOneLease: code-age }` no lease opens. By default the condition has `IfExists`, so that it denies only calls with an age of 300 seconds or more.',
  change: 'Keep the default, `token-issue-time`: trust policies cannot rely on the age.',
  run: async (bench) => {
    await demandControl(bench);
    const below = await bench.eventuallyWithCode((code) =>
      bench.openAsAgent('code-age', 'the role that demands an age below 60, with a code', code),
    );
    if (below.outcome === 'allowed') return holds('The age is present and less than 60.');
    if (below.outcome !== 'denied') return undecided(below);
    const absent = await bench.eventuallyWithCode((code) =>
      bench.openAsAgent('age-absent', 'the role that demands that the age is absent, with a code', code),
    );
    if (absent.outcome === 'allowed') return violated('The age is absent.', { 'aws:MultiFactorAuthAge': 'absent' });
    if (absent.outcome !== 'denied') return undecided(absent);
    return violated('The age is not below 60, or `aws:MultiFactorAuthPresent` is not true.');
  },
};

export const mfaSecondDevice: RunnableProbe = {
  id: 'mfa-second-device',
  topic: 'mfa',
  assumption: 'STS accepts a code of any of the user’s MFA devices',
  tried:
    'The probe assumes a role that has no MFA conditions, and sends a code of the first device. The same code, sent for the last device, must be refused: this control shows that STS checks a code. Then a code of the last device is sent.',
  consequence: 'Only one of an agent’s approvers can approve the agent’s leases.',
  change: 'Give each approver an agent of their own, or use gate `broker`.',
  run: async (bench) => {
    const { devices } = bench.lab.identities;
    const [first, second] = [devices[0], devices.at(-1)];
    let used = '';
    const opened = await bench.eventually(async () => {
      const code = await bench.freshCode(first);
      used = code.TokenCode;
      return bench.openAsAgent('mfa-control', 'with a code of the first device', code);
    });
    bench.demandAllowed(opened);
    if (first === undefined || second === undefined || first === second) {
      throw new Inconclusive('The user has only one device.');
    }
    const foreign = { SerialNumber: second.serialNumber, TokenCode: used };
    const checked = await bench.openAsAgent('mfa-control', 'with that code for the second device', foreign);
    if (!isWrongCode(checked)) {
      throw new Inconclusive(
        `The control test failed: STS did not refuse a code of the first device for the second device (${checked.code ?? checked.outcome}).`,
      );
    }
    const other = await bench.openAsAgent(
      'mfa-control',
      'with a code of the second device',
      await bench.freshCode(second),
    );
    if (other.outcome === 'allowed') return holds('Codes of both devices are accepted.');
    return isWrongCode(other) ? violated('The code of the second device is refused.') : undecided(other);
  },
};

export const mfaCodeOnce: RunnableProbe = {
  id: 'mfa-code-once',
  topic: 'mfa',
  assumption: 'A code opens one session: a second call with the same code is refused',
  tried: 'The probe assumes a role with a code, and immediately sends the same code again.',
  consequence: 'Fails open: whoever sees a code can use it again for at most a minute.',
  change: 'Tell approvers that a code can open several leases while it is shown, and prefer gate `broker`.',
  run: async (bench) => {
    const code = await usedCode(bench, (fresh) => bench.openAsAgent('mfa-control', 'with a code', fresh));
    const again = await bench.openAsAgent('mfa-control', 'with the same code again', code);
    if (again.outcome === 'allowed') return violated('The same code opened a second session.');
    return isWrongCode(again) ? holds('The second call with the code is refused.') : undecided(again);
  },
};

export const mfaCodeUsedByDenial: RunnableProbe = {
  id: 'mfa-code-used-by-denial',
  topic: 'mfa',
  assumption: 'A code is used up by a call that the trust policy then denies',
  tried:
    'The probe sends a code with a reason that the deployed trust policy rejects, and then sends the same code in a valid call.',
  consequence: 'The sandbox and the command line ask for a new code although AWS would accept the old code.',
  change: 'No protection depends on this assumption; correct the sandbox.',
  run: async (bench) => {
    await demandControl(bench);
    const code = await bench.freshCode();
    const denied = await bench.openAsAgent('mfa', 'with a code and a reason that is too short', code, {
      reason: 'short',
    });
    if (denied.outcome !== 'denied') return undecided(denied);
    const again = await bench.openAsAgent('mfa-control', 'with the code of the denied call', code);
    if (again.outcome === 'allowed')
      return violated('AWS opened a session with the code that the denied call had used.');
    return isWrongCode(again) ? holds('The code of the denied call is refused.') : undecided(again);
  },
};

export const mfaCodeWindow: RunnableProbe = {
  id: 'mfa-code-window',
  topic: 'mfa',
  assumption: 'STS accepts codes of the current 30 seconds and of the 30 seconds before and after, and no others',
  tried:
    'The probe sends the codes of a device for the time steps -2, -1, +1 and +2 relative to the current step, in this order.',
  consequence:
    'The command line may refuse a code that AWS accepts, or accept a code that AWS refuses. In neither case can a lease be opened without a code that AWS accepts.',
  change: 'Correct the window of the sandbox.',
  run: async (bench) => {
    const device = await bench.restedDevice();
    const now = stepAt(bench.lab.clock.now());
    const answers: [number, Opened][] = [];
    for (const delta of [-2, -1, 1, 2]) {
      const code = { SerialNumber: device.serialNumber, TokenCode: device.codeAt(now + delta) };
      const answer = await bench.openAsAgent('mfa-control', `with a code of step ${delta}`, code);
      if (answer.outcome !== 'allowed' && !isWrongCode(answer)) return undecided(answer);
      answers.push([delta, answer]);
    }
    if (stepAt(bench.lab.clock.now()) !== now)
      return notDecided('The calls took longer than the time for which the device shows a code.');
    const taken = answers.filter(([, { outcome }]) => outcome === 'allowed').map(([delta]) => delta);
    const text = taken.join(', ') || 'none';
    const measured = { 'accepted steps besides the current one': text };
    return text === '-1, 1'
      ? holds('Besides the current code, AWS accepts only the previous code and the next code.', measured)
      : violated(`Besides the current code, AWS accepts the codes of these time steps: ${text}.`, measured);
  },
};

export const sessionTokenRefused: RunnableProbe = {
  id: 'session-token-refused',
  topic: 'mfa',
  assumption:
    'Calls with credentials of GetSessionToken have the key `aws:TokenIssueTime`, so that no trust policy with gate `mfa` accepts them',
  tried:
    'The probe gets credentials from GetSessionToken with one code. With these credentials, it assumes a role that requires only a recent code (the control), and tries to assume the deployed role.',
  consequence: 'Fails open: one code opens every role of the agent with gate `mfa` for 300 seconds.',
  change: 'Use gate `broker` for what must not be opened twice with one code, and report it.',
  run: async (bench) => {
    await demandControl(bench);
    const { identities, secrets } = bench.lab;
    const { output, ...bought } = await bench.ask(
      'sts',
      'GetSessionToken',
      { DurationSeconds: 900, ...(await bench.freshCode()) },
      { what: 'the agent’s key, with a code', keys: identities.agent },
    );
    const keys = bench.keysOf({ ...bought, ...withKeys(secrets.keysIn('GetSessionToken', output?.Credentials)) });
    const control = await bench.eventually(() =>
      bench.openAsAgent('code-age', 'the role that demands an age below 60, with these credentials', undefined, {
        keys,
      }),
    );
    // The deployed role has no control of its own: a denial may only mean that STS does not see the role yet.
    const deployed = await bench.eventually(() =>
      bench.openAsAgent('mfa', 'the deployed role, with these credentials', undefined, { keys }),
    );
    if (deployed.outcome === 'allowed')
      return violated('The deployed role can be assumed with credentials from GetSessionToken.');
    bench.demandAllowed(control);
    return deployed.outcome === 'denied'
      ? holds('With credentials from GetSessionToken, the control role can be assumed, but the deployed role cannot.')
      : undecided(deployed);
  },
};

function withKeys(keys: Opened['keys']): Pick<Opened, 'keys'> {
  return keys === undefined ? {} : { keys };
}

/** Opens a session with an MFA code, and returns that code. */
async function usedCode(bench: Bench, open: (code: Code) => Promise<Opened>): Promise<Code> {
  let sent: Code | undefined;
  const opened = await bench.eventuallyWithCode((code) => {
    sent = code;
    return open(code);
  });
  bench.demandAllowed(opened);
  if (sent === undefined) throw new TypeError('no code was sent');
  return sent;
}
