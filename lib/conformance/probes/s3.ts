/** The probe about listing a bucket below a prefix. */
import { holds, type RunnableProbe, violated } from '../probe';
import { undecided } from '../verdicts';

const RELEASE = '1.4.2';

/** List requests that the deployed policy must deny, each with its prefix. */
const OUTSIDE: readonly (readonly [what: string, prefix: string | undefined])[] = [
  ['without a prefix', undefined],
  ['with an empty prefix', ''],
  ['with a longer release as prefix', `${RELEASE}0/`],
  ['with the release without its slash', RELEASE],
  ['with a prefix above the release', '1'],
];

export const s3Prefix: RunnableProbe = {
  id: 's3-prefix',
  topic: 'services',
  assumption:
    'For a list call without a prefix, `s3:prefix` is absent or empty, so that a condition on this key denies the call',
  tried:
    'With a lease that may list one release of a bucket, the probe lists that release, and then lists without a prefix, with an empty prefix and with other prefixes. Nothing is read: every list call sets `max-keys` to 0.',
  consequence: 'Fails open: a lease can list all objects in the bucket.',
  change: 'Remove `s3:ListBucket` from roles with a parameter, or use a separate bucket for each scope.',
  needs: ['bucket'],
  run: async (bench) => {
    const { bucket: Bucket } = bench.lab.plan.scope;
    const options = { parameters: { release: RELEASE } };
    const keys = bench.keysOf(
      await bench.eventually(() => bench.openAsBroker('listing', 'a lease for one release', options)),
    );
    const list = (what: string, Prefix: string | undefined) =>
      bench.ask(
        's3',
        'ListObjectsV2',
        { Bucket, MaxKeys: 0, ...(Prefix === undefined ? {} : { Prefix }) },
        { what, keys },
      );
    bench.demandAllowed(await bench.eventually(() => list('with the release as prefix', `${RELEASE}/`)));
    for (const [what, prefix] of OUTSIDE) {
      const answer = await list(what, prefix);
      if (answer.outcome === 'allowed') return violated(`The list ${what} is allowed.`);
      if (answer.outcome !== 'denied') return undecided(answer);
    }
    return holds('Only the list of the release is allowed.');
  },
};
