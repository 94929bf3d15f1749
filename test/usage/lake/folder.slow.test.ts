/** Results of queries of CloudTrail Lake: what is read of them, and what is reported. */
import { mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { gather, lakeUnits, readRecorders, StateFile, TrailError, usageOf } from '@leasehold/usage';
import { anEnvironment, aRole } from '../../support/environment';
import {
  csvFile,
  csvText,
  pageFile,
  QUERY_ID,
  queryFile,
  SQL,
  STORE,
  signFile,
  statistics,
  storeFile,
  wholeResult,
} from '../support/lake';
import { aCall, anIssue, aRecord, withFolder } from '../support/records';

const role = aRole();
const environment = anEnvironment({ roles: [role] });
const put = (session = 'lh-1') =>
  aCall(role, 's3.PutObject', { requestParameters: { bucketName: 'hermes-dev-deploy', key: 'a "b",\n{c}' } }, session);
const records = [anIssue(role), put(), aRecord(), put()];
const file = csvFile(records);
const cells = (...texts: readonly string[]) => texts.map((text) => `"${text.replaceAll('"', '""')}"`).join(',');
const json = JSON.stringify(records[1]);

type Files = Readonly<Record<string, string | Buffer>>;
const read = (files: Files) =>
  withFolder(files, async (folder) => {
    const units = await lakeUnits(folder);
    const found = await gather([environment], { units });
    return {
      calls: found.roles.get('dev/s3-deploy')?.calls,
      problems: found.problems.map(({ kind, place }) => `${kind} ${place.slice(folder.length + 1)}`),
      known: [...new Set(units.map(({ query }) => query !== undefined))],
      kinds: [...(found.coverage.get('123456789012')?.kinds ?? [])],
      found,
    };
  });

it.each<[what: string, files: Files, known: boolean]>([
  ['a signed file with its query', wholeResult(records), true],
  ['a signed file', { 'result_1.csv.gz': file, 'result_sign.json': signFile({ 'result_1.csv.gz': file }) }, false],
  ['a file whose sign file is missing', { 'result_1.csv.gz': file, 'query.json': queryFile(4) }, false],
  ['a plain file', { 'result_1.csv': csvText(records) }, false],
  ['a file without a comment', { 'result_1.csv': csvText(records).replace(/^#.*\n/, '') }, false],
  [
    'a file with lines of Windows and a byte order mark',
    { 'r.csv': `\ufeffeventJson\r\n${cells(json)}\r\n${cells(JSON.stringify(records[3]))}` },
    false,
  ],
  [
    'a file with further columns',
    {
      'r.csv': `eventTime,"EVENTJSON",x\n${[1, 3].map((index) => `a,${cells(JSON.stringify(records[index]))},"b,\nc"\n`).join('')}`,
    },
    false,
  ],
  ['a page of the AWS CLI with its query', { 'page.json': pageFile(records), 'query.json': queryFile(4) }, true],
  [
    'two pages with their query',
    {
      'a.json': pageFile(records.slice(0, 2), { QueryStatistics: { TotalResultsCount: 4 }, NextToken: 'more' }),
      'b.json': pageFile(records.slice(2), { QueryStatistics: { TotalResultsCount: 4 } }),
      'query.json': queryFile(4),
    },
    true,
  ],
  [
    'two pages, of which one was saved twice',
    {
      'a.json': pageFile(records.slice(0, 2), { QueryStatistics: { TotalResultsCount: 4 }, NextToken: 'x' }),
      'a2.json': pageFile(records.slice(0, 2), { QueryStatistics: { TotalResultsCount: 4, BytesScanned: 7 } }),
      'b.json': pageFile(records.slice(2), { QueryStatistics: { TotalResultsCount: 4 } }),
      'query.json': queryFile(4),
    },
    true,
  ],
  ['a query of another form', { ...wholeResult(records, `${SQL} AND readOnly = true`) }, false],
  [
    'a query that did not finish',
    { ...wholeResult(records), 'query.json': queryFile(4, SQL, { QueryStatus: 'TIMED_OUT' }) },
    false,
  ],
  [
    'a query without statistics',
    { ...wholeResult(records), 'query.json': queryFile(4, SQL, { QueryStatistics: undefined }) },
    false,
  ],
  [
    'a query without a time',
    {
      ...wholeResult(records),
      'query.json': queryFile(4, SQL, { QueryStatistics: statistics(4, { CreationTime: '' }) }),
    },
    false,
  ],
  [
    'a query with a number of events of another type',
    {
      ...wholeResult(records),
      'query.json': queryFile(4, SQL, { QueryStatistics: statistics(4, { EventsMatched: '4' }) }),
    },
    false,
  ],
  [
    'a query that was started before its time',
    {
      ...wholeResult(records),
      'query.json': queryFile(4, SQL, { QueryStatistics: statistics(4, { CreationTime: '2026-11-01T00:00:00Z' }) }),
    },
    false,
  ],
  ['two queries', { ...wholeResult(records), 'other.json': queryFile(4) }, false],
])('reads %s', async (_, files, known) => {
  const { calls, problems, known: found, kinds } = await read(files);
  expect([calls, problems, found, kinds]).toEqual([2, [], [known], ['lake']]);
});

it.each<[what: string, files: Files, calls: number, problem: string | readonly string[]]>([
  [
    'a file that was changed',
    { ...wholeResult(records), 'result_1.csv.gz': csvFile(records.slice(0, 3)) },
    1,
    ['not-as-signed result_1.csv.gz', 'cut-off query.json'],
  ],
  [
    'a file that is not signed',
    { ...wholeResult(records), 'result_2.csv.gz': csvFile([put()]) },
    3,
    ['not-as-signed result_2.csv.gz', 'cut-off query.json'],
  ],
  [
    'a file that is missing',
    { 'result_1.csv.gz': file, 'result_sign.json': signFile({ 'result_1.csv.gz': file, 'result_2.csv.gz': file }) },
    2,
    'unopened result_2.csv.gz',
  ],
  [
    'a path in a sign file, without reading it',
    { 'result_sign.json': signFile({ '../../dev/zero': '' }) },
    0,
    'unopened',
  ],
  ['a file without the column', { 'r.csv': csvText(records, 'userIdentity') }, 0, 'not-a-result r.csv'],
  ['a file with the column twice', { 'r.csv': `eventJson,eventjson\n${cells(json, json)}\n` }, 0, 'not-a-result r.csv'],
  ['a file without a header row', { 'r.csv': `${cells(json)}\n` }, 0, 'not-a-result r.csv'],
  ['an empty file', { 'r.csv': '' }, 0, 'not-a-result r.csv'],
  ['a comment alone', { 'r.csv': '# Execution Time: 1\n' }, 0, 'not-a-result r.csv'],
  ['a compressed file that ends early', { 'r.csv.gz': file.subarray(0, -9) }, 1, 'broken-gzip r.csv.gz'],
  ['a quote that does not end', { 'r.csv': `eventJson\n${cells(json)}\n"{` }, 1, 'not-a-result r.csv'],
  [
    'quotes that are escaped in another way',
    { 'r.csv': `eventJson\n"${json.replaceAll('"', '\\"')}"\n` },
    0,
    'not-a-result r.csv',
  ],
  [
    'a row with too many columns',
    { 'r.csv': `eventJson\n${cells(json, 'x')}\n${cells(json)}\n` },
    1,
    'unreadable-record r.csv',
  ],
  [
    'a row that is cut off',
    { 'r.csv': `eventJson\n${cells(json.slice(0, 20))}\n${cells(json)}\n` },
    1,
    'unreadable-record r.csv',
  ],
  [
    'a row that is cut off after many of others, before the name of its role',
    {
      'r.csv': `eventJson\n${`${cells(JSON.stringify(aRecord()))}\n`.repeat(12)}${cells(json.slice(0, 20))}\n${cells(json)}\n`,
    },
    1,
    'unreadable-record r.csv',
  ],
  [
    'a struct as text',
    { 'r.csv': `eventJson\n"{eventname=PutObject, useridentity={type=AssumedRole}}"\n` },
    0,
    'unreadable-record r.csv',
  ],
  ['a row that is empty', { 'r.csv': `eventJson\n\n${cells(json)}\n` }, 1, 'unreadable-record r.csv'],
  [
    'a row that is too long',
    { 'r.csv.gz': gzipSync(`eventJson\n${cells(JSON.stringify({ x: 'y'.repeat(1 << 20) }))}\n${cells(json)}\n`) },
    1,
    'oversized-record r.csv.gz',
  ],
  [
    'a row without an end',
    { 'r.csv.gz': gzipSync(`eventJson\n${cells(json)}\n"${'y'.repeat(3 << 20)}`) },
    1,
    'oversized-record r.csv.gz',
  ],
  [
    'a page of a query that did not finish',
    { 'p.json': pageFile(records, { QueryStatus: 'RUNNING' }) },
    2,
    'not-a-result p.json',
  ],
  [
    'a page after which there is another',
    { 'p.json': pageFile(records, { QueryStatistics: { TotalResultsCount: 5 } }) },
    2,
    'cut-off p.json',
  ],
  [
    'a page after which there is another, without numbers',
    { 'p.json': pageFile(records, { QueryStatistics: {}, NextToken: 'x' }) },
    2,
    'cut-off p.json',
  ],
  [
    'a page that was saved twice instead of the next',
    {
      'a.json': pageFile(records.slice(0, 2), { QueryStatistics: { TotalResultsCount: 4 } }),
      'b.json': pageFile(records.slice(0, 2), { QueryStatistics: { TotalResultsCount: 4 } }),
    },
    1,
    ['cut-off a.json', 'cut-off b.json'],
  ],
  [
    'a page that was saved twice instead of the next, with other statistics',
    {
      'a.json': pageFile(records.slice(0, 2), { QueryStatistics: { TotalResultsCount: 4 }, NextToken: 'x' }),
      'b.json': pageFile(records.slice(0, 2), {
        QueryStatistics: { TotalResultsCount: 4, BytesScanned: 7 },
        NextToken: 'y',
      }),
    },
    1,
    ['cut-off a.json', 'cut-off b.json'],
  ],
  [
    'a page that was saved twice, with totals that differ',
    {
      'a.json': pageFile(records, { QueryStatistics: { TotalResultsCount: 5 } }),
      'b.json': pageFile(records, { QueryStatistics: { TotalResultsCount: 4 } }),
    },
    2,
    ['cut-off a.json', 'cut-off b.json'],
  ],
  [
    'a row of a page with values in many levels',
    {
      'p.json': pageFile([], { QueryResultRows: [0], QueryStatistics: {} }).replace(
        '[0]',
        `[[{"eventjson":${'['.repeat(1e5)}${']'.repeat(1e5)}}]]`,
      ),
    },
    0,
    'not-a-result p.json',
  ],
  [
    'a row of a page without the column',
    { 'p.json': pageFile(records, { QueryResultRows: [[{ eventname: 'x' }]], QueryStatistics: {} }) },
    0,
    'not-a-result p.json',
  ],
  [
    'a row of a page that is no list',
    { 'p.json': pageFile(records, { QueryResultRows: [7], QueryStatistics: {} }) },
    0,
    'not-a-result p.json',
  ],
  [
    'a result with fewer rows than the query matched',
    { ...wholeResult(records), 'query.json': queryFile(5) },
    2,
    'cut-off query.json',
  ],
  [
    'a result with more rows than the query matched',
    { ...wholeResult(records), 'query.json': queryFile(3) },
    2,
    'cut-off query.json',
  ],
  [
    'pages with fewer rows than the query matched',
    { 'p.json': pageFile(records), 'query.json': queryFile(5) },
    2,
    'cut-off query.json',
  ],
  [
    'pages of a part beside the complete files',
    { ...wholeResult(records), 'p.json': pageFile(records.slice(0, 3)) },
    2,
    'cut-off query.json',
  ],
  [
    'a query that was started before an event',
    {
      ...wholeResult(records),
      'query.json': queryFile(4, SQL, { QueryStatistics: statistics(4, { CreationTime: '2026-11-15T00:00:00Z' }) }),
    },
    2,
    'not-of-the-query result_1.csv.gz',
  ],
  ['another JSON file', { ...wholeResult(records), 'other.json': '{"Records":[]}' }, 2, 'not-read other.json'],
  [
    'JSON that is cut off',
    { ...wholeResult(records), 'page.json': pageFile(records).slice(0, -5) },
    2,
    'not-read page.json',
  ],
  ['a file with another name', { ...wholeResult(records), 'result_2.csv.bz2': 'BZh' }, 2, 'not-read result_2.csv.bz2'],
  [
    'the query of another result',
    wholeResult(records, SQL.replace('2026-11-01 00', '2026-11-25 00')),
    2,
    'not-of-the-query result_1.csv.gz',
  ],
  [
    'the query of another account',
    { 'p.json': pageFile(records), 'query.json': queryFile(4, `${SQL} AND recipientAccountId = '210987654321'`) },
    2,
    'not-of-the-query p.json',
  ],
])('reports %s, and claims nothing', async (_, files, calls, problem) => {
  const { calls: counted, problems, found } = await read(files);
  expect([counted, problems.map((each) => (problem === 'unopened' ? each.split(' ')[0] : each))]).toEqual([
    calls,
    [problem].flat(),
  ]);
  const usage = usageOf(found, { recorders: readRecorders([storeFile()]), onlyTheseRegions: true });
  expect(usage[0]?.entries.filter(({ status }) => status === 'unused')).toEqual([]);
});

it('reads each folder as the result of a query of its own', () =>
  withFolder({}, async (folder) => {
    const add = (name: string, files: Files) => {
      mkdirSync(join(folder, name));
      for (const [each, content] of Object.entries(files)) writeFileSync(join(folder, name, each), content);
    };
    add(QUERY_ID, wholeResult(records.slice(0, 2)));
    add(QUERY_ID.replaceAll('1', '9'), wholeResult(records.slice(2)));
    add('other', wholeResult([]));
    symlinkSync(join(folder, 'nowhere'), join(folder, 'gone.csv.gz'));
    const units = await lakeUnits(folder);
    expect(units.map(({ place, query }) => [place.slice(folder.length + 1), query !== undefined])).toEqual([
      ['gone.csv.gz', false],
      [`${QUERY_ID}/result_1.csv.gz`, true],
      [`${QUERY_ID}/query.json`, true],
      // The described query has another id than the folder.
      [`${QUERY_ID.replaceAll('1', '9')}/result_1.csv.gz`, false],
      ['other/result_1.csv.gz', true],
      ['other/query.json', true],
    ]);
    const found = await gather([environment], { units });
    expect([found.roles.get('dev/s3-deploy')?.calls, found.problems.map(({ kind }) => kind)]).toEqual([
      2,
      ['unopened'],
    ]);
  }));

it('follows links to files, and reports links to folders', () =>
  withFolder({}, async (folder) => {
    const [results, other] = [join(folder, 'results'), join(folder, 'other')];
    for (const each of [results, other]) mkdirSync(each);
    for (const [name, content] of Object.entries(wholeResult(records))) writeFileSync(join(other, name), content);
    symlinkSync(other, join(results, 'a'));
    symlinkSync(results, join(results, 'loop.csv'));
    symlinkSync(join(other, 'result_1.csv.gz'), join(results, 'b.csv.gz'));
    const units = await lakeUnits(results);
    expect(units.map(({ place }) => place.slice(results.length + 1))).toEqual(['b.csv.gz', 'a', 'loop.csv']);
    const found = await gather([environment], { units });
    expect(found.problems.map(({ kind, place }) => [kind, place.slice(results.length + 1)])).toEqual([
      ['not-read', 'a'],
      ['not-read', 'loop.csv'],
    ]);
    expect(found.roles.get('dev/s3-deploy')?.calls).toBe(2);
  }));

it('does not load a JSON file that is larger than a page', () =>
  withFolder({ 'page.json': pageFile(records) }, async (folder) => {
    const longer = `${pageFile(records)}${' '.repeat(1 << 25)}`;
    writeFileSync(join(folder, 'large.json'), longer);
    const found = await gather([environment], { units: await lakeUnits(folder) });
    expect(found.problems.map(({ kind, place }) => [kind, basename(place)])).toEqual([['not-read', 'large.json']]);
  }));

it('counts the same after an interruption, also of the queries', () =>
  withFolder(wholeResult(records), async (folder) => {
    const path = join(folder, '..', `${folder.slice(-6)}.state`);
    const state = () => new StateFile(path, [environment], 'w', '1');
    const first = await gather([environment], { units: await lakeUnits(folder), state: state() });
    const second = await gather([environment], { units: await lakeUnits(folder), state: state() });
    expect([first.resumed, second.resumed]).toEqual([0, 2]);
    expect([...second.coverage.values()]).toEqual([...first.coverage.values()]);
    expect(second.coverage.get('123456789012')?.lakeQueries.size).toBe(1);
    expect(readFileSync(path, 'utf8')).not.toContain(STORE);
    // Without its query, what was read of a result covers nothing.
    rmSync(join(folder, 'query.json'));
    const third = await gather([environment], { units: await lakeUnits(folder), state: state() });
    expect(third.coverage.get('123456789012')).toMatchObject({ kinds: new Set(['lake']), lakeQueries: new Set() });
    rmSync(path);
  }));

it('counts the rows of all files, also of files that an earlier run read', () => {
  const parts = { 'result_1.csv.gz': csvFile(records.slice(0, 2)), 'result_2.csv.gz': csvFile(records.slice(2)) };
  return withFolder({ ...parts, 'result_sign.json': signFile(parts), 'query.json': queryFile(4) }, async (folder) => {
    const state = new StateFile(`${folder}.state`, [environment], 'w', '1');
    const units = async () => (await lakeUnits(folder)).map((unit) => ({ ...unit, place: basename(unit.place) }));
    const stopped = new AbortController();
    const first = await gather([environment], {
      units: await units(),
      state,
      signal: stopped.signal,
      onProgress: ({ unitsDone }) => {
        if (unitsDone === 1) stopped.abort();
      },
    });
    expect([first.complete, first.problems]).toEqual([false, []]);
    const second = await gather([environment], { units: await units(), state });
    expect([second.resumed, second.problems]).toEqual([1, []]);
    writeFileSync(join(folder, 'query.json'), `${queryFile(5)} `);
    const third = await gather([environment], { units: await units(), state });
    expect([third.resumed, third.problems]).toMatchObject([2, [{ kind: 'cut-off', place: 'query.json' }]]);
    rmSync(`${folder}.state`);
  });
});

it('rejects what is not a folder', async () => {
  await expect(lakeUnits('/nowhere/at/all')).rejects.toBeInstanceOf(TrailError);
});
