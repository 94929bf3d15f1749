/** The probe on which revocation depends. */
import { LEASE_ID_TAG, revokedTag } from '@leasehold/documents';
import type { HeldKeys } from '../aws/secrets';
import type { Bench } from '../bench';
import { plannedRole } from '../identities/plan';
import { holds, notDecided, type RunnableProbe, violated } from '../probe';
import { seconds } from '../verdicts';

const REVOKED = 'lh-probe-revoked';
const SPARED = 'lh-probe-spared';

export const roleTagsInRunningSessions: RunnableProbe = {
  id: 'role-tags-in-running-sessions',
  topic: 'session',
  assumption: 'A tag that a role gets affects the sessions of the role that are already running',
  tried:
    'Two leases of a role with the deployed policy are in use. The role gets the tag that revokes one of them, and both are used until that one is denied, in each region. The delay is measured.',
  consequence: 'Fails open: a revoked lease can be used until its end.',
  change:
    'Also use "Revoke active sessions" in the IAM console for revocations; it does not depend on tags. Prefer short leases.',
  run: async (bench) => {
    const { administrator, plan, signal, regions } = bench.lab;
    const lease = async (id: string) => {
      const tags = { [LEASE_ID_TAG]: id };
      return bench.keysOf(await bench.eventually(() => bench.openAsBroker('revoked', `the lease ${id}`, { tags })));
    };
    const [revoked, spared] = [await lease(REVOKED), await lease(SPARED)];
    for (const region of regions) {
      bench.demandAllowed(await bench.eventually(() => bench.use(revoked, `by ${REVOKED}, before`, region)));
    }
    const Tags = [{ Key: revokedTag(1), Value: REVOKED }];
    await administrator.call('TagRole', { RoleName: plannedRole(plan, 'revoked').name, Tags }, signal);
    const seen = await Promise.all(regions.map((region) => delay(bench, revoked, region)));
    const measured = Object.fromEntries(
      regions.map((region, index) => [
        `delay in ${region}`,
        seen[index]?.met ? seconds(seen[index].seconds) : `not within ${seconds(bench.lab.patience.change)}`,
      ]),
    );
    const odd = seen.find(({ met, answer }) => !met && answer.outcome !== 'allowed');
    if (odd !== undefined)
      return notDecided(`The revoked lease got ${odd.answer.code ?? odd.answer.outcome}.`, measured);
    if (seen.some(({ met }) => !met)) return violated('The revoked lease can still be used.', measured);
    const other = await bench.use(spared, `by ${SPARED}, after`);
    if (other.outcome !== 'allowed') return notDecided('The lease that was not revoked is denied too.', measured);
    return holds('The revoked lease is denied everywhere, and the other one is not.', measured);
  },
};

function delay(bench: Bench, keys: HeldKeys, region: string) {
  const attempt = () => bench.use(keys, `by ${REVOKED}, after`, region);
  return bench.until(attempt, ({ outcome }) => outcome === 'denied', bench.lab.patience.change);
}
