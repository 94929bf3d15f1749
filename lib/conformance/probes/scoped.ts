/** Probes about GetScopedCredentials: https://docs.aws.amazon.com/STS/latest/APIReference/API_GetScopedCredentials.html */

import type { HeldKeys } from '../aws/secrets';
import type { Bench, Opened } from '../bench';
import { INLINE } from '../identities/create';
import { DESCRIBE_TABLE, LIST_TABLES } from '../identities/definitions';
import { plannedRole } from '../identities/plan';
import { holds, notDecided, type RunnableProbe, violated } from '../probe';
import { seconds, undecided } from '../verdicts';

const SCOPE = 'sts:GetScopedCredentials';

async function lease(bench: Bench): Promise<HeldKeys> {
  return bench.keysOf(await bench.eventually(() => bench.openAsBroker('lease', 'a lease')));
}

function policyOf(...actions: readonly string[]): string {
  return JSON.stringify({ Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: actions, Resource: '*' }] });
}

export const scopedNeedsAllow: RunnableProbe = {
  id: 'scoped-needs-allow',
  topic: 'scoped',
  assumption: 'A session can call GetScopedCredentials if and only if its role allows `sts:GetScopedCredentials`',
  tried:
    'GetScopedCredentials is called with a lease of a role that has the deployed policy, and with a lease of a copy of the role whose policy does not allow the call.',
  consequence:
    'If AWS denies the call although a policy allows it, leases of less than 900 seconds cannot be issued. If the call needs no permission, leases still gain nothing, because the call can only remove permissions.',
  change:
    'If the call needs no permission, correct the policy engine and the sandbox. The deployed statements do no harm.',
  run: async (bench) => {
    const input = { DurationSeconds: 600 };
    const keys = await lease(bench);
    const allowed = await bench.eventually(() => bench.scope(input, 'a lease of the deployed role', keys));
    if (allowed.outcome === 'denied') return violated('It is denied although the role allows it.');
    if (allowed.outcome !== 'allowed') return undecided(allowed);
    const other = bench.keysOf(
      await bench.eventually(() => bench.openAsBroker('unscoped', 'a lease without the allow')),
    );
    bench.demandAllowed(await bench.eventually(() => bench.use(other, 'by the lease without the allow')));
    const without = await bench.scope(input, 'a lease of the role without the allow', other);
    if (without.outcome === 'allowed') return violated('It needs no allow.');
    return without.outcome === 'denied' ? holds('It needs the allow.') : undecided(without);
  },
};

export const scopedPolicySize: RunnableProbe = {
  id: 'scoped-policy-size',
  topic: 'scoped',
  assumption: 'A scope-down policy can have at most 2,048 characters',
  tried: 'The probe sends scope-down policies of 2,048 and of 2,049 characters.',
  consequence:
    'AWS may refuse an attenuation that Leasehold accepts, or accept an attenuation that Leasehold refuses. In neither case are permissions gained.',
  change: 'Correct the limit in the policy engine and in the runtime.',
  run: async (bench) => {
    const keys = await lease(bench);
    const fits = await bench.eventually(() =>
      bench.scope({ Policy: policyOfSize(2048) }, 'a policy of 2,048 characters', keys),
    );
    if (fits.outcome === 'no answer' || fits.outcome === 'denied') return undecided(fits);
    if (fits.outcome === 'refused')
      return violated(`AWS refuses a scope-down policy of 2,048 characters (${fits.code}).`);
    const over = await bench.scope({ Policy: policyOfSize(2049) }, 'a policy of 2,049 characters', keys);
    if (over.outcome === 'allowed') return violated('A policy of 2,049 characters is accepted.');
    return over.outcome === 'refused' ? holds('2,048 characters are accepted, 2,049 are not.') : undecided(over);
  },
};

/** Returns a policy with exactly the given number of characters. */
function policyOfSize(size: number): string {
  const text = (filler: string) =>
    JSON.stringify({
      Version: '2012-10-17',
      Statement: [{ Effect: 'Allow', Action: LIST_TABLES, Resource: ['*', `arn:aws:dynamodb:*:*:table/${filler}`] }],
    });
  return text('a'.repeat(size - text('').length));
}

export const scopedChain: RunnableProbe = {
  id: 'scoped-chain',
  topic: 'scoped',
  assumption: 'A session can be scoped down by three policies, one after the other, but not by a fourth',
  tried: 'A lease is scoped down repeatedly, each time with the credentials of the previous step.',
  consequence:
    'Either AWS or only the sandbox refuses to attenuate a lease that is already attenuated. In neither case are permissions gained.',
  change: 'Correct the maximum number of steps in the sandbox and in docs/runtime.md.',
  run: async (bench) => {
    let keys = await lease(bench);
    let accepted = 0;
    for (let depth = 1; depth <= DEEPEST; depth++) {
      const attempt = () => bench.scope({ Policy: policyOf(LIST_TABLES, SCOPE) }, `policy ${depth} of the chain`, keys);
      const scoped = depth === 1 ? await bench.eventually(attempt) : await attempt();
      if (scoped.outcome === 'no answer') return undecided(scoped);
      if (scoped.outcome !== 'allowed') break;
      accepted = depth;
      keys = bench.keysOf(scoped);
    }
    if (accepted === 0) return notDecided('No scope-down policy was accepted.');
    const measured = { 'accepted policies': accepted === DEEPEST ? `${DEEPEST} or more` : String(accepted) };
    return accepted === 3
      ? holds('AWS accepts three scope-down policies in a chain, but not a fourth.', measured)
      : violated(`${measured['accepted policies']} are accepted.`, measured);
  },
};

const DEEPEST = 5;

export const scopedIntersection: RunnableProbe = {
  id: 'scoped-intersection',
  topic: 'scoped',
  assumption: 'Scoped credentials permit only what both the session and every scope-down policy of the chain permit',
  tried:
    'A lease that may make two calls is scoped down to the first call, and then to the second call. Both calls are tried after each step.',
  consequence: 'Fails open: an attenuated lease can regain permissions that were removed.',
  change: 'Do not pass attenuated leases to less trusted code, and report the result.',
  run: async (bench) => {
    const TableName = `${bench.lab.plan.scope.run}-none`;
    const describe = (keys: HeldKeys, what: string) =>
      bench.ask('dynamodb', 'DescribeTable', { TableName }, { what: `${DESCRIBE_TABLE} ${what}`, keys });
    const whole = await lease(bench);
    bench.demandAllowed(await bench.eventually(() => bench.use(whole, 'by the lease')));
    bench.demandAllowed(await bench.eventually(() => describe(whole, 'by the lease')));
    const first = bench.keysOf(
      await bench.scope({ Policy: policyOf(LIST_TABLES, SCOPE) }, 'scoped down to the first call', whole),
    );
    bench.demandAllowed(await bench.use(first, 'after the first step'));
    const lost = await describe(first, 'after the first step');
    if (lost.outcome === 'allowed') return violated('The first scope-down policy has no effect.');
    const second = bench.keysOf(
      await bench.scope({ Policy: policyOf(DESCRIBE_TABLE, SCOPE) }, 'scoped down to the second call', first),
    );
    const regained = await describe(second, 'after the second step');
    if (regained.outcome === 'allowed')
      return violated('The second scope-down policy restores permissions that the first policy removed.');
    const removed = await bench.use(second, 'after the second step');
    if (removed.outcome === 'allowed') return violated('The second scope-down policy has no effect.');
    const odd = [lost, regained, removed].find(({ outcome }) => outcome !== 'denied');
    return odd === undefined ? holds('Each policy only subtracts.') : undecided(odd);
  },
};

export const scopedIssueTime: RunnableProbe = {
  id: 'scoped-issue-time',
  topic: 'scoped',
  assumption: 'Scoped credentials have the same `aws:TokenIssueTime` as the session from which they were made',
  tried:
    'A lease is scoped down some seconds after it began. The role gets a deny for tokens that were issued before a moment between the two, as "Revoke active sessions" adds it; then both are used, and a later lease must still be allowed.',
  consequence:
    'Fails open: "Revoke active sessions" does not end credentials that were made with GetScopedCredentials.',
  change:
    'Revoke with a deny that depends on the tags of the role, because this deny also applies to scoped credentials. Do not rely on "Revoke active sessions" alone.',
  run: async (bench) => {
    const { administrator, clock, plan, signal, patience } = bench.lab;
    const open = () => bench.openAsBroker('dated', 'a lease');
    const session = bench.keysOf(await bench.eventually(open));
    bench.demandAllowed(await bench.eventually(() => bench.use(session, 'by the lease')));
    await bench.pause(5);
    const moment = new Date(clock.now());
    await bench.pause(5);
    const scoped = bench.keysOf(
      await bench.eventually(() => bench.scope({ DurationSeconds: 600 }, 'scoped down later', session)),
    );
    bench.demandAllowed(await bench.use(scoped, 'by the scoped credentials'));
    await administrator.call(
      'PutRolePolicy',
      {
        RoleName: plannedRole(plan, 'dated').name,
        PolicyName: `${INLINE}-revoked`,
        PolicyDocument: revokeOlder(moment),
      },
      signal,
    );
    const lost = await bench.until(
      () => bench.use(session, 'by the lease, after'),
      ({ outcome }) => outcome === 'denied',
      patience.change,
    );
    if (!lost.met) return undecided({ ...lost.answer, what: 'the lease, which the new policy should deny,' });
    const fresh = bench.keysOf(await bench.eventually(() => bench.openAsBroker('dated', 'a lease after the moment')));
    bench.demandAllowed(await bench.eventually(() => bench.use(fresh, 'by the lease after the moment')));
    const after = await bench.until(
      () => bench.use(scoped, 'by the scoped credentials, after'),
      ({ outcome }) => outcome === 'denied',
      SAME_CACHE,
    );
    if (after.met) return holds('The deny for older tokens applies to the scoped credentials too.');
    return after.answer.outcome === 'allowed'
      ? violated('AWS treats the scoped credentials as a new token.')
      : undecided(after.answer);
  },
};

/**
 * Maximum difference, in seconds, between the times at which a changed policy takes effect for two sessions of a role.
 */
const SAME_CACHE = 20;

/** The policy that "Revoke active sessions" attaches: https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_use_revoke-sessions.html */
function revokeOlder(moment: Date): string {
  return JSON.stringify({
    Version: '2012-10-17',
    Statement: [
      {
        Effect: 'Deny',
        Action: ['*'],
        Resource: ['*'],
        Condition: { DateLessThan: { 'aws:TokenIssueTime': moment.toISOString() } },
      },
    ],
  });
}

export const scopedLifetime: RunnableProbe = {
  id: 'scoped-lifetime',
  topic: 'scoped',
  assumption: 'Scoped credentials expire after the requested number of seconds',
  tried: `Credentials that are valid for 20 seconds are used immediately, and again after they expire.`,
  consequence: 'Fails open: a lease that was requested for less than 900 seconds lasts 900 seconds.',
  change: 'Set `lease.max` to at least 15m, so that STS ends every lease, and report it.',
  run: async (bench) => {
    const input = { DurationSeconds: BRIEF };
    const keys = await lease(bench);
    const scoped: Opened = await bench.eventually(() => bench.scope(input, `credentials for ${BRIEF} seconds`, keys));
    if (scoped.outcome === 'refused')
      return violated(`AWS refuses to issue credentials that are valid for ${BRIEF} seconds (${scoped.code}).`);
    const brief = bench.keysOf(scoped);
    bench.demandAllowed(await bench.use(brief, 'at once'));
    await bench.pause(BRIEF);
    const expired = await bench.until(
      () => bench.use(brief, 'after their end'),
      ({ code = '' }) => code.startsWith('ExpiredToken'),
      BRIEF,
    );
    if (expired.met)
      return holds('AWS refuses them after their end.', { 'seen after their end': seconds(expired.seconds) });
    return expired.answer.outcome === 'allowed'
      ? violated('They can be used after their end.')
      : undecided(expired.answer);
  },
};

const BRIEF = 20;
