/** Runs the probes in an account. Removes all created resources, even after an error or an interruption. */
import { randomBytes } from 'node:crypto';
import type { Partition } from '@leasehold/definitions';
import { partitionOf } from '@leasehold/policy';
import { Clients, type Configure } from './aws/clients';
import { Secrets } from './aws/secrets';
import { Bench } from './bench';
import { awsClock, type ProbeClock } from './clock';
import { ConformanceError } from './error';
import { Administrator } from './identities/administrator';
import { createIdentities } from './identities/create';
import type { TableScope } from './identities/definitions';
import { Ledger } from './identities/ledger';
import { type ProbePlan, probePlan } from './identities/plan';
import { findLeftovers, type Left, type Removal, removeCreated } from './identities/remove';
import { Inconclusive } from './inconclusive';
import type { Federation, Lab, Patience, Trace } from './lab';
import { probes } from './list';
import { demandNames } from './names';
import type { Prerequisite, Probe, ProbeResult } from './probe';
import type { ConformanceReport, Probed } from './report/report';
import { settle } from './settle';

/** The account, the regions and the credentials of a run. */
export interface AccountOptions {
  /** The account that the user named, twelve digits. The credentials must belong to this account. */
  readonly account: string;
  /** The regions of the run. STS is called in the first region; delays are measured in all regions. */
  readonly regions: readonly [string, ...string[]];
  /**
   * The configuration of a client: profile, endpoint and connection settings.
   * @default the configuration that the SDK finds
   */
  readonly configure?: Configure;
  /** @default AWS's time */
  readonly clock?: ProbeClock;
}

export interface ConformOptions extends AccountOptions {
  /** Ids of the probes to run. @default all */
  readonly only?: readonly string[];
  /** An existing bucket, for the probe about prefixes. */
  readonly bucket?: string;
  /** An existing table, for the probe about leading keys. */
  readonly table?: TableScope;
  /** The console's federation endpoint. @default none; the probes about this endpoint are then not run */
  readonly federation?: Federation;
  /** Ends the run and removes all created resources. */
  readonly signal?: AbortSignal;
  readonly patience?: Partial<Patience>;
  /** Called with the current step, to update a progress line. */
  readonly onStep?: (step: string) => void;
  readonly onProbed?: (probed: Probed) => void;
}

const PATIENCE: Patience = { settle: 60, change: 300 };

/**
 * Tests the assumptions in a live account.
 * @throws ConformanceError if the credentials belong to another account, or a resource could not be created. Resources
 *   that were created before the error are removed or, if that fails, listed in the error.
 */
export async function conform(options: ConformOptions): Promise<ConformanceReport> {
  demandNames(options);
  const { regions, onStep = () => {}, signal = new AbortController().signal, clock = awsClock() } = options;
  const chosen = chosenProbes(options.only);
  const secrets = new Secrets();
  const clients = new Clients(options.configure ?? (() => ({})), clock);
  const { partition } = await demandAccount(options, clients, secrets, signal);
  const run = `lhp${randomBytes(8).toString('hex')}`;
  const { account, bucket, table } = options;
  const plan = probePlan({ account, region: regions[0], run, partition, bucket, table });
  const administrator = new Administrator(clients, clock, secrets, partition);
  const ledger = new Ledger();
  const startedAt = new Date(clock.now()).toISOString();
  const probed: Probed[] = [];
  let failure: unknown;
  try {
    onStep('creating the probe identities');
    const identities = await createIdentities(plan, { administrator, ledger, secrets, clock, signal });
    const lab: Lab = {
      plan,
      identities,
      administrator,
      clients,
      secrets,
      clock,
      signal,
      patience: { ...PATIENCE, ...options.patience },
      regions,
      federation: options.federation,
      leases: 0,
    };
    onStep('waiting until they can be used');
    await settle(lab);
    for (const probe of chosen) {
      onStep(`trying ${probe.id}`);
      const result = await tryProbe(probe, lab, prerequisitesOf(options));
      probed.push(result);
      options.onProbed?.(result);
    }
  } catch (error) {
    failure = error;
  }
  onStep('removing the probe identities');
  const left = await removeAll(
    plan,
    ledger,
    { administrator, partition, account, signal: new AbortController().signal },
    { clock, uncertain: failure !== undefined },
  );
  if (failure !== undefined && !signal.aborted) throw withLeft(failure, left);
  return {
    account,
    regions,
    run,
    startedAt,
    endedAt: new Date(clock.now()).toISOString(),
    probed: [...probed, ...chosen.slice(probed.length).map(interruptedProbe)],
    left,
    interrupted: failure !== undefined,
    otherHosts: [...clients.otherHosts].sort(),
  };
}

/**
 * Removes the resources of all runs from the account, including those of a run that is in progress elsewhere. `foreign`
 * contains the names of resources in the probes' IAM path that no run created.
 */
export async function cleanProbes(options: AccountOptions): Promise<{
  readonly removed: readonly string[];
  readonly left: readonly Left[];
  readonly foreign: readonly string[];
  /** Hosts outside AWS that responded to calls. If there are any such hosts, the result is not evidence about AWS. */
  readonly otherHosts: readonly string[];
}> {
  demandNames(options);
  const { account, clock = awsClock() } = options;
  const { signal } = new AbortController();
  const secrets = new Secrets();
  const clients = new Clients(options.configure ?? (() => ({})), clock);
  const { partition } = await demandAccount(options, clients, secrets, signal);
  const removal: Removal = {
    administrator: new Administrator(clients, clock, secrets, partition),
    partition,
    account,
    signal,
  };
  const { found, foreign } = await findLeftovers(removal);
  const left = await removeCreated(found, removal);
  const isLeft = (name: string) => left.some((each) => each.name === name);
  const shown = ({ kind, name }: { readonly kind: string; readonly name: string }) => `${kind} ${name}`;
  return {
    removed: found.filter(({ name }) => !isLeft(name)).map(shown),
    left,
    foreign: foreign.map(shown),
    otherHosts: [...clients.otherHosts].sort(),
  };
}

/** The probes with these ids. @throws ConformanceError `unknown-probe` */
function chosenProbes(only: readonly string[] | undefined): readonly Probe[] {
  const unknown = only?.find((id) => !probes.some((probe) => probe.id === id));
  if (unknown !== undefined) {
    throw new ConformanceError('unknown-probe', `there is no probe ${unknown}`, 'docs/conformance.md lists them.');
  }
  return probes.filter(({ id }) => only === undefined || only.includes(id));
}

/** Checks that the credentials belong to the account that the user named. */
async function demandAccount(
  { account, regions }: AccountOptions,
  clients: Clients,
  secrets: Secrets,
  signal: AbortSignal,
): Promise<{ readonly partition: Partition }> {
  if (!/^\d{12}$/.test(account)) {
    throw new ConformanceError('account', `"${account}" is not an account id`, 'Write its twelve digits.');
  }
  const identity = await clients
    .send({ service: 'sts', command: 'GetCallerIdentity', input: {}, region: regions[0] }, signal)
    .catch((cause) => {
      const why = cause instanceof Error ? secrets.without(cause.name) : 'an error';
      throw new ConformanceError(
        'refused',
        `AWS did not state whose credentials these are: ${why}`,
        'Check credentials, network and region.',
        { cause },
      );
    });
  const { Account: own } = identity;
  // `demandNames` has checked the region.
  if (own === account) return { partition: partitionOf(regions[0]) ?? 'aws' };
  throw new ConformanceError(
    'other-account',
    `The credentials belong to account ${own ?? 'unknown'}, and you named ${account}`,
    'Use credentials for the account that you specified.',
  );
}

function prerequisitesOf({ bucket, table, federation }: ConformOptions): ReadonlyMap<Prerequisite, string> {
  const missing = new Map<Prerequisite, string>();
  if (bucket === undefined) missing.set('bucket', 'No bucket was named: `--bucket NAME`.');
  if (table === undefined) missing.set('table', 'No table was named: `--table NAME --table-key ATTRIBUTE`.');
  if (federation === undefined) missing.set('console', 'Calls do not go to AWS.');
  return missing;
}

async function tryProbe(probe: Probe, lab: Lab, missing: ReadonlyMap<Prerequisite, string>): Promise<Probed> {
  const answers: Trace = [];
  const result = await resultOf(probe, new Bench(lab, answers), missing).catch((error): ProbeResult => {
    if (lab.signal.aborted) throw error;
    if (error instanceof Inconclusive) return { verdict: error.verdict, because: error.message };
    if (error instanceof ConformanceError) return { verdict: 'not decided', because: error.message };
    throw error;
  });
  return { probe, ...result, answers };
}

async function resultOf(probe: Probe, bench: Bench, missing: ReadonlyMap<Prerequisite, string>): Promise<ProbeResult> {
  if ('byHand' in probe) return { verdict: 'not run', because: probe.byHand };
  for (const need of probe.needs ?? []) {
    const because = missing.get(need);
    if (because !== undefined) return { verdict: 'not run', because };
  }
  return probe.run(bench);
}

function interruptedProbe(probe: Probe): Probed {
  return { probe, verdict: 'not run', because: 'The run was interrupted.', answers: [] };
}

/**
 * Removes all resources in the ledger, then checks whether IAM still lists resources of the run. What cannot be checked
 * counts as left. `uncertain`: a call may have created something after its failure, so that one empty list proves
 * nothing.
 */
async function removeAll(
  { scope }: ProbePlan,
  ledger: Ledger,
  removal: Removal,
  { clock, uncertain }: { readonly clock: ProbeClock; readonly uncertain: boolean },
): Promise<readonly Left[]> {
  const left = await removeCreated(ledger.entries, removal);
  if (left.length > 0) return left;
  let remaining: readonly Left[] = [];
  for (let look = 1; look <= LOOKS; look++) {
    if (look > 1) await clock.sleep(5000, removal.signal);
    try {
      const { found } = await findLeftovers(removal);
      const own = found.filter(({ name }) => name.startsWith(`${scope.run}-`));
      if (own.length === 0 && !uncertain) return [];
      remaining = own.map((each) => ({ ...each, why: 'it is still listed' }));
      if (look < LOOKS) await removeCreated(own, removal);
    } catch (error) {
      const why = error instanceof ConformanceError ? `: ${error.message}` : '';
      remaining = ledger.entries.map((each) => ({ ...each, why: `whether it is removed cannot be checked${why}` }));
    }
  }
  return remaining;
}

const LOOKS = 4;

function withLeft(failure: unknown, left: readonly Left[]): unknown {
  if (left.length === 0) return failure;
  const why = failure instanceof ConformanceError ? failure.message : 'the run failed';
  return new ConformanceError(
    'not-removed',
    `${why}; not removed: ${left.map(({ kind, name }) => `${kind} ${name}`).join(', ')}`,
    'Run `leasehold conformance --clean`.',
    { cause: failure },
  );
}
