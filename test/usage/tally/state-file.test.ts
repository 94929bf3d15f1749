/** An interrupted run continues from its state file, and the file is used for nothing else. */
import crypto from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { folderUnits, gather, StateFile, usageJson, usageOf } from '@leasehold/usage';
import { ProblemLog } from '../../../lib/usage/read/problem';
import { SeenEvents } from '../../../lib/usage/tally/seen';
import { anEnvironment, aRole } from '../../support/environment';
import { aCall, anIssue, evidence, trailFile, withFolder } from '../support/records';

const role = aRole();
const environment = anEnvironment({ roles: [role] });
const files = Object.fromEntries(
  Array.from({ length: 6 }, (_, number) => [
    `${number}.json.gz`,
    trailFile([
      ...evidence(),
      anIssue(role, `lh-${number}`),
      aCall(role, 's3.PutObject', { requestParameters: { bucketName: 'hermes-dev-deploy', key: 'a' } }, `lh-${number}`),
      aCall(
        role,
        's3.DeleteObject',
        { errorCode: 'AccessDenied', requestParameters: { bucketName: 'b', key: 'k' } },
        `lh-${number}`,
      ),
      aCall(role, 'ecs.RunTask', {}, `lh-${number}`),
      aCall(role, 's3.CopyObject', {}, `lh-${number}`),
    ]),
  ]),
);
const nothingYet = {
  roles: new Map(),
  coverage: new Map(),
  problems: new ProblemLog(),
  done: new Map(),
  seen: new SeenEvents(),
};
const nothing = { records: new Map(), broken: [] };
const facts = (found: Awaited<ReturnType<typeof gather>>) => {
  const { resumed: _, ...json } = usageJson(found, usageOf(found), nothing);
  return JSON.parse(JSON.stringify(json)) as unknown;
};

it('counts the same in several runs as in one', () =>
  withFolder(files, async (folder) => {
    const units = await folderUnits(folder, 'trail');
    const whole = await gather([environment], { units });
    const state = () => new StateFile(join(folder, 'state'), [environment], 'w', '1.0.0');
    const stopped = new AbortController();
    const first = await gather([environment], {
      units,
      state: state(),
      signal: stopped.signal,
      onProgress: ({ unitsDone }) => {
        if (unitsDone === 2) stopped.abort();
      },
    });
    expect([first.complete, usageOf(first)[0]?.nothing]).toEqual([false, 'not all sources were read']);
    const second = await gather([environment], { units, state: state() });
    expect(second.resumed).toBe(2);
    expect(facts(second)).toEqual(facts(whole));
    const third = await gather([environment], { units, state: state() });
    expect([third.resumed, facts(third)]).toEqual([6, facts(whole)]);
    expect(statSync(join(folder, 'state')).mode & 0o777).toBe(0o600);
  }));

it('reads a changed file again, and counts its events once', () =>
  withFolder(files, async (folder) => {
    const state = () => new StateFile(join(folder, 'state'), [environment], 'w', '1.0.0');
    const whole = await gather([environment], { units: await folderUnits(folder, 'trail'), state: state() });
    writeFileSync(
      join(folder, '0.json.gz'),
      Buffer.concat([files['0.json.gz'] ?? Buffer.alloc(0), trailFile([]).subarray(0, 0)]),
    );
    const units = (await folderUnits(folder, 'trail')).map((unit, index) =>
      index === 0 ? { ...unit, fingerprint: 'other' } : unit,
    );
    const again = await gather([environment], { units, state: state() });
    expect(again.resumed).toBe(5);
    expect(again.roles.get('dev/s3-deploy')?.calls).toBe(whole.roles.get('dev/s3-deploy')?.calls);
    expect(again.coverage.get('123456789012')?.repeated).toBe(5);
  }));

it('reads a file again that could not be opened or is of another kind, and forgets its earlier problems', () =>
  withFolder(files, async (folder) => {
    const state = () => new StateFile(join(folder, 'state'), [environment], 'w', '1.0.0');
    const units = await folderUnits(folder, 'trail');
    const whole = await gather([environment], { units });
    const failing = () => Promise.reject(Object.assign(new Error('gone'), { code: 'EACCES' }));
    const first = await gather([environment], {
      units: units.map((unit, index) => (index === 5 ? { ...unit, read: failing } : unit)),
      state: state(),
    });
    expect([first.problems.map(({ kind }) => kind), first.problemCount]).toEqual([['unopened'], 1]);
    const second = await gather([environment], { units, state: state() });
    expect([second.resumed, second.problemCount]).toEqual([5, 0]);
    expect(facts(second)).toEqual(facts(whole));
    const other = units.map((unit) => ({ ...unit, kind: 'lookup' as const }));
    const third = await gather([environment], { units: other, state: state() });
    expect([third.resumed, [...(third.coverage.get('123456789012')?.kinds ?? [])]]).toEqual([0, ['trail', 'lookup']]);
  }));

it('keeps the problems of a file that was read, however many runs follow', () =>
  withFolder(
    { 'a.json': JSON.stringify({ Records: [anIssue(role), { eventName: 1 }, { eventName: 2 }] }) },
    async (folder) => {
      for (let run = 0; run < 3; run++) {
        const state = new StateFile(join(folder, '..', `${basename(folder)}.state`), [environment], 'w', '1.0.0');
        const found = await gather([environment], { units: await folderUnits(folder, 'trail'), state });
        expect([found.problems.map(({ kind }) => kind), found.problemCount]).toEqual([['unreadable-record'], 2]);
        expect(found.resumed).toBe(run === 0 ? 0 : 1);
      }
      rmSync(join(folder, '..', `${basename(folder)}.state`));
    },
  ));

it.each<[what: string, change: (text: string) => string, says: string]>([
  ['is cut off', (text) => text.slice(0, -20), 'is damaged'],
  ['has another shape', (text) => text.replace('"granted":', '"given":'), 'is damaged'],
  ['has another version', (text) => text.replace('"version":1', '"version":2'), 'is damaged'],
  ['is another file', () => '[]', 'is damaged'],
])('rejects a state file that %s', (_, change, says) =>
  withFolder(files, async (folder) => {
    const path = join(folder, 'state');
    const state = () => new StateFile(path, [environment], 'w', '1.0.0');
    const units = await folderUnits(folder, 'trail');
    await gather([environment], { units, state: state() });
    writeFileSync(path, change(readFileSync(path, 'utf8')));
    await expect(gather([environment], { units, state: state() })).rejects.toMatchObject({
      code: 'unusable-state',
      message: expect.stringContaining(says) as string,
    });
  }),
);

it('does not write through a link, and leaves no temporary file', () =>
  withFolder(files, async (folder) => {
    const state = new StateFile(join(folder, 'state'), [environment], 'w', '1.0.0');
    const units = await folderUnits(folder, 'trail');
    await gather([environment], { units, state });
    expect(readdirSync(folder).filter((name) => !name.endsWith('.json.gz'))).toEqual(['state']);
    mkdirSync(join(folder, 'taken'));
    const taken = new StateFile(join(folder, 'taken'), [environment], 'w', '1.0.0');
    expect(() => taken.keep(nothingYet, 'now')).toThrow('cannot be written');
    const links = jest.spyOn(crypto, 'randomUUID').mockReturnValue('0-0-0-0-0');
    writeFileSync(join(folder, 'other'), 'kept');
    symlinkSync(join(folder, 'other'), join(folder, 'state.0-0-0-0-0.part'));
    expect(() => state.keep(nothingYet, 'now')).toThrow('cannot be written');
    links.mockRestore();
    expect(readFileSync(join(folder, 'other'), 'utf8')).toBe('kept');
    expect(readdirSync(folder).filter((name) => !name.endsWith('.json.gz'))).toEqual(['other', 'state', 'taken']);
  }));

it.each<[what: string, other: () => ConstructorParameters<typeof StateFile>]>([
  ['definitions', () => ['', [anEnvironment({ roles: [aRole({ allow: [] })] })], 'w', '1.0.0']],
  ['agents', () => ['', [{ ...environment, agents: [] }], 'w', '1.0.0']],
  ['a window', () => ['', [environment], 'v', '1.0.0']],
  ['a version', () => ['', [environment], 'w', '1.0.1']],
])('rejects a state file of other %s', (_, other) =>
  withFolder(files, async (folder) => {
    const path = join(folder, 'state');
    const units = await folderUnits(folder, 'trail');
    await gather([environment], { units, state: new StateFile(path, [environment], 'w', '1.0.0') });
    const [, environments, ...rest] = other();
    await expect(
      gather(environments, { units, state: new StateFile(path, environments, ...rest) }),
    ).rejects.toMatchObject({
      message: expect.stringContaining(
        'belongs to a run with other definitions, another window or another version',
      ) as string,
    });
  }),
);
