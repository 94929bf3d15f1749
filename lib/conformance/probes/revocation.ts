/** Probes that test the assumptions on which revocation depends. */
import { LEASE_ID_TAG, NO_DENIALS, revocationPolicy, revokedTag } from '@leasehold/documents';
import type { HeldKeys } from '../aws/secrets';
import type { Bench } from '../bench';
import type { RoleKey } from '../identities/definitions';
import { plannedRole } from '../identities/plan';
import { holds, notDecided, type ProbeResult, type RunnableProbe, violated } from '../probe';
import { seconds } from '../verdicts';

const REVOKED = 'lh-probe-revoked';
const SPARED = 'lh-probe-spared';

export const roleTagsInRunningSessions: RunnableProbe = {
  id: 'role-tags-in-running-sessions',
  topic: 'session',
  assumption: 'Adding a tag to a role affects the sessions of the role that are already running',
  tried:
    'Two leases of a role with the deployed policy are in use. The role gets the tag that revokes one of the two leases. In each region, the probe then makes calls with both leases until that lease is denied. The delay is measured.',
  consequence: 'Fails open: a single lease that is revoked by tags can be used until the lease ends.',
  change:
    'Choose `deny-policy` in the broker document, so that single leases are revoked by a policy, as whole roles always are. This policy does not depend on tags.',
  alternative: { key: 'revoke.by', value: 'deny-policy' },
  run: (bench) =>
    revoking(bench, 'revoked', async (role) => {
      const { administrator, signal } = bench.lab;
      const Tags = [{ Key: revokedTag(1), Value: REVOKED }];
      await administrator.call('TagRole', { RoleName: role, Tags }, signal);
    }),
};

export const policyInRunningSessions: RunnableProbe = {
  id: 'policy-in-running-sessions',
  topic: 'session',
  assumption:
    'A new version of a policy that is attached to a role affects the sessions of the role that are already running',
  tried:
    'Two leases of a role to which the revocation policy is attached are in use. The policy gets a version that denies one of the two leases, in the form that the broker writes. In each region, the probe then makes calls with both leases until that lease is denied. The delay is measured.',
  consequence:
    'Fails open: a lease that is revoked with the revocation policy, individually or together with all leases of its role, can be used until the lease ends.',
  change:
    'Prefer short leases, and report the result: AWS documents that changes to policies also apply to running sessions.',
  run: (bench) =>
    revoking(bench, 'denied', async () => {
      const { administrator, plan, signal } = bench.lab;
      const PolicyArn = plannedRole(plan, 'denied').attached;
      const denials = { ...NO_DENIALS, leases: new Map([[REVOKED, undefined]]) };
      const PolicyDocument = JSON.stringify(revocationPolicy(denials, plan.environment));
      await administrator.call('CreatePolicyVersion', { PolicyArn, PolicyDocument, SetAsDefault: true }, signal);
    }),
};

/**
 * Gets two leases of a role and revokes one. Measures the time until the revoked lease is denied in all regions, and
 * checks that the other lease still works.
 */
async function revoking(bench: Bench, key: RoleKey, revoke: (role: string) => Promise<void>): Promise<ProbeResult> {
  const { plan, regions, patience } = bench.lab;
  const lease = async (id: string) => {
    const options = { tags: { [LEASE_ID_TAG]: id } };
    return bench.keysOf(await bench.eventually(() => bench.openAsBroker(key, `the lease ${id}`, options)));
  };
  const [revoked, spared] = [await lease(REVOKED), await lease(SPARED)];
  for (const region of regions) {
    bench.demandAllowed(await bench.eventually(() => bench.use(revoked, `by ${REVOKED}, before`, region)));
  }
  await revoke(plannedRole(plan, key).name);
  const seen = await Promise.all(regions.map((region) => delay(bench, revoked, region)));
  const measured = Object.fromEntries(
    regions.map((region, index) => [
      `delay in ${region}`,
      seen[index]?.met ? seconds(seen[index].seconds) : `not within ${seconds(patience.change)}`,
    ]),
  );
  const odd = seen.find(({ met, answer }) => !met && answer.outcome !== 'allowed');
  if (odd !== undefined)
    return notDecided(
      `For a call with the revoked lease, AWS returned ${odd.answer.code ?? odd.answer.outcome}.`,
      measured,
    );
  if (seen.some(({ met }) => !met)) return violated('The revoked lease can still be used.', measured);
  const other = await bench.use(spared, `by ${SPARED}, after`);
  if (other.outcome !== 'allowed')
    return notDecided('Calls with the other lease, which was not revoked, are denied too.', measured);
  return holds(
    'AWS denies calls with the revoked lease in all regions, and still allows calls with the other lease.',
    measured,
  );
}

/** Repeats the call in one region, with a separate trace, in parallel with calls in the other regions. */
async function delay(bench: Bench, keys: HeldKeys, region: string) {
  const { bench: own, trace } = bench.apart();
  const attempt = () => own.use(keys, `by ${REVOKED}, after`, region);
  const seen = await own.until(attempt, ({ outcome }) => outcome === 'denied', bench.lab.patience.change);
  for (const answer of trace) bench.note(answer);
  return seen;
}
