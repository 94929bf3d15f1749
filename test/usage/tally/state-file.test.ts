/** An interrupted run continues from its state file, and the file is used for nothing else. */
import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { folderUnits, gather, StateFile, usageJson, usageOf } from '@leasehold/usage';
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
const nothing = { records: new Map(), broken: [] };
const facts = (found: Awaited<ReturnType<typeof gather>>) => {
  const { resumed: _, ...json } = usageJson(found, usageOf(found), nothing);
  return JSON.parse(JSON.stringify(json)) as unknown;
};

it('counts the same in several runs as in one', () =>
  withFolder(files, async (folder) => {
    const units = await folderUnits(folder, 'trail');
    const whole = await gather([environment], { units });
    const state = () => new StateFile(join(folder, 'state'), [environment], 'w');
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
    const state = () => new StateFile(join(folder, 'state'), [environment], 'w');
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

it.each<[what: string, change: (text: string) => string, says: string]>([
  ['is cut off', (text) => text.slice(0, -20), 'is damaged'],
  ['has another shape', (text) => text.replace('"granted":', '"given":'), 'is damaged'],
  ['has another version', (text) => text.replace('"version":1', '"version":2'), 'is damaged'],
  ['is another file', () => '[]', 'is damaged'],
])('rejects a state file that %s', (_, change, says) =>
  withFolder(files, async (folder) => {
    const path = join(folder, 'state');
    const state = () => new StateFile(path, [environment], 'w');
    const units = await folderUnits(folder, 'trail');
    await gather([environment], { units, state: state() });
    writeFileSync(path, change(readFileSync(path, 'utf8')));
    await expect(gather([environment], { units, state: state() })).rejects.toMatchObject({
      code: 'unusable-state',
      message: expect.stringContaining(says) as string,
    });
  }),
);

it.each<[what: string, other: () => ConstructorParameters<typeof StateFile>]>([
  ['definitions', () => ['', [anEnvironment({ roles: [aRole({ allow: [] })] })], 'w']],
  ['a window', () => ['', [environment], 'v']],
])('rejects a state file of other %s', (_, other) =>
  withFolder(files, async (folder) => {
    const path = join(folder, 'state');
    const units = await folderUnits(folder, 'trail');
    await gather([environment], { units, state: new StateFile(path, [environment], 'w') });
    const [, environments, window] = other();
    await expect(
      gather(environments, { units, state: new StateFile(path, environments, window) }),
    ).rejects.toMatchObject({
      message: expect.stringContaining('belongs to a run with other definitions or another window') as string,
    });
  }),
);
