/** Reads the input of `leasehold usage`: events, records and event selectors, with a progress line. */

import { closeSync, constants, lstatSync, openSync, readFileSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { readRecord } from '@leasehold/broker';
import { append } from '@leasehold/contract/any-length';
import { defined } from '@leasehold/contract/defined';
import type { Environment } from '@leasehold/definitions';
import {
  bucketUnits,
  type ClaimOptions,
  earliestLookup,
  folderUnits,
  type Gathered,
  gather,
  joinLeaseRecords,
  type LeaseRecords,
  lakeUnits,
  lookupUnits,
  type Progress,
  type Proposal,
  propose,
  type RoleUsage,
  readLeaseRecords,
  readRecorders,
  StateFile,
  type TrailUnit,
} from '@leasehold/usage';
import { awsConnection } from './aws-connection';
import { UsageError } from './exit';
import { type Host, nowOf } from './host';
import { packageVersion } from './package-root';
import { progressLine } from './progress-line';
import type { OpenFiles } from './project';
import type { Shell } from './shell';
import { systemRefusal } from './system-refusal';

export interface SourceOptions {
  readonly events?: readonly string[];
  readonly lookup?: boolean;
  readonly lake?: readonly string[];
  readonly sandbox?: readonly string[];
  readonly records?: readonly string[];
  readonly selectors?: readonly string[];
  readonly since?: string;
  readonly until?: string;
  readonly region?: readonly string[];
  readonly onlyTheseRegions?: boolean;
  readonly profile?: string;
  readonly state?: string;
}

/** Seconds since 1970. */
export interface Window {
  readonly since?: number;
  readonly until?: number;
}

/**
 * The time window that the options describe.
 * @throws UsageError
 */
export function windowOf({ since, until }: SourceOptions): Window {
  const window = defined({ since: dayOf('--since', since), until: dayOf('--until', until) });
  if (window.since !== undefined && window.until !== undefined && window.until <= window.since) {
    throw new UsageError('--until is not after --since', { hint: 'Name a later day.' });
  }
  return window;
}

function dayOf(option: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const milliseconds = /^\d{4}-\d{2}-\d{2}$/.test(text) ? Date.parse(`${text}T00:00:00Z`) : Number.NaN;
  if (!Number.isNaN(milliseconds)) return milliseconds / 1000;
  throw new UsageError(`${option} ${text} is not a date`, { expected: 'YYYY-MM-DD', hint: 'Write it as 2026-11-01.' });
}

export function claimOptions({ selectors, onlyTheseRegions }: SourceOptions, shell: Shell): ClaimOptions {
  const files = selectors?.map((place) => ({ place, text: textOf(place, shell) }));
  return defined({ recorders: files && readRecorders(files), onlyTheseRegions });
}

/** The broker's records in the given audit exports. Each record is verified first. */
export function leaseRecords(paths: readonly string[], shell: Shell): LeaseRecords {
  return joinLeaseRecords(
    paths.map((path) =>
      readLeaseRecords(textOf(path, shell), path, (lease, events) => {
        const record = readRecord(lease, events);
        return record.kind === 'holds' ? undefined : record.because;
      }),
    ),
  );
}

/**
 * Reads all events. Shows the progress on a terminal. After Ctrl-C, the current file is read to its end and no further
 * file is read.
 */
export async function gathered(
  environments: readonly Environment[],
  options: SourceOptions,
  window: Window,
  shell: Shell,
): Promise<Gathered> {
  const { host } = shell;
  const units = await unitsOf(environments, options, window, shell);
  const stopped = new AbortController();
  const stop = () => {
    host.err('\nStopping after the current file; again to stop at once.\n');
    stopped.abort();
  };
  const progress = progressBar(host);
  process.once('SIGINT', stop);
  try {
    return await gather(environments, {
      units,
      ...window,
      signal: stopped.signal,
      onProgress: progress.show,
      ...(options.state === undefined ? {} : { state: stateFile(options.state, environments, window, shell) }),
    });
  } finally {
    process.off('SIGINT', stop);
    progress.end();
  }
}

function stateFile(path: string, environments: readonly Environment[], window: Window, { host }: Shell): StateFile {
  return new StateFile(resolve(host.cwd, path), environments, JSON.stringify(window), packageVersion());
}

async function unitsOf(
  environments: readonly Environment[],
  options: SourceOptions,
  { since, until }: Window,
  { host }: Shell,
): Promise<readonly TrailUnit[]> {
  const units: TrailUnit[] = [];
  const [first, ...others] = environments;
  const configure = (service: string) => (region: string) => ({
    ...defined({ profile: options.profile }),
    ...awsConnection(service, region, host),
  });
  for (const place of options.events ?? []) {
    append(
      units,
      place.startsWith('s3://')
        ? await bucketUnits(place, {
            region: options.region?.[0] ?? first?.region ?? 'us-east-1',
            accounts: environments.map(({ account }) => account),
            configure: configure('s3'),
            ...defined({ since }),
          })
        : await folderUnits(resolve(host.cwd, place), 'trail'),
    );
  }
  for (const folder of options.lake ?? []) append(units, await lakeUnits(resolve(host.cwd, folder)));
  for (const place of options.sandbox ?? []) append(units, await folderUnits(resolve(host.cwd, place), 'sandbox'));
  if (options.lookup) {
    if (first === undefined || others.some(({ account }) => account !== first.account)) {
      throw new UsageError('--lookup reads one account, and the environments have several', {
        hint: 'Add --env NAME.',
      });
    }
    const now = nowOf(host);
    append(
      units,
      await lookupUnits({
        environments,
        regions: options.region ?? [],
        since: since ?? earliestLookup(now),
        until: until ?? now,
        configure: configure('cloudtrail'),
      }),
    );
  }
  return units;
}

/**
 * The proposals for narrower roles. The files are not read again: reading the events can take hours, and if a file was
 * changed in the meantime, the positions of the definitions in it are no longer valid.
 */
export function proposal(
  usage: readonly RoleUsage[],
  { definitions, texts }: OpenFiles,
  { host }: Shell,
): Promise<Proposal> {
  return propose(usage, definitions, { files: texts, today: host.today });
}

/**
 * Changes the definition files. All files are verified before the first one is written. If a file is a link or was
 * changed in the meantime, no file is changed.
 * @throws UsageError
 */
export function writeProposal({ files }: Proposal, shell: Shell): void {
  const changes = files.map(({ name, before, after }) => {
    const path = resolve(shell.host.cwd, name);
    if (!lstatSync(path, { throwIfNoEntry: false })?.isFile()) {
      throw new UsageError(`${name} is a link, or is not a file, and is not changed`, {
        hint: 'Run the command with --propose, and apply the printed diff to the file that the link points to.',
      });
    }
    const now = textOf(name, shell);
    const mark = now.startsWith('\ufeff') ? '\ufeff' : '';
    if (now.slice(mark.length) !== before) {
      throw new UsageError(`${name} was changed in the meantime`, { hint: 'Run the command again.' });
    }
    return { path, text: mark + after };
  });
  for (const { path, text } of changes) {
    const file = openSync(path, NO_LINK);
    try {
      writeFileSync(file, text);
    } finally {
      closeSync(file);
    }
  }
}

/**
 * Flags for opening an existing file. If the file was replaced by a link after the verification, the link is not
 * followed.
 */
const NO_LINK = constants.O_WRONLY | constants.O_TRUNC | (constants.O_NOFOLLOW ?? 0);

function textOf(path: string, { host }: Shell): string {
  try {
    return readFileSync(resolve(host.cwd, path), 'utf8');
  } catch (error) {
    const refusal = systemRefusal((error as NodeJS.ErrnoException).code ?? 'an error');
    throw new UsageError(`${path} cannot be read: ${refusal}`, { hint: 'Check its path.' });
  }
}

/** A progress bar on stderr. */
function progressBar(host: Host) {
  const line = progressLine(host);
  return {
    show: ({ units, unitsDone, size, sizeDone, bytes }: Progress) =>
      line.update(() => {
        const part = size > 0 ? sizeDone / size : unitsDone / Math.max(1, units);
        const bar = '█'.repeat(Math.round(part * BAR)).padEnd(BAR, '░');
        return `${bar} ${unitsDone} of ${units} files, ${(bytes / 1e6).toFixed(0)} MB of events`;
      }),
    end: line.end,
  };
}

const BAR = 20;
