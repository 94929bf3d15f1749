/** Trail files of an account in which one record in fifty belongs to a role, beside `zcat | jq` over the same files. */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createWriteStream, mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createGzip } from 'node:zlib';
import { roleArn } from '@leasehold/documents';
import { folderUnits, gather } from '@leasehold/usage';
import { anEnvironment, aRole } from '../test/support/environment';
import { aCall, anIssue, aRecord, type Fields } from '../test/usage/support/records';
import { type Benchmark, byTurns, clockMs, median, sized } from './benchmark';

const role = aRole();
const environment = anEnvironment({ roles: [role] });
const FILES = sized(8, 2);
/** Uncompressed size of each file. */
const MEGABYTES = sized(25, 2);
/** One record in this many belongs to the role. */
const SHARE = 50;

export const benchmark: Benchmark = {
  title: `Usage: ${FILES} compressed trail files of ${MEGABYTES} MB each, one record in ${SHARE} of a role`,
  run: async () => {
    const folder = mkdtempSync(join(tmpdir(), 'leasehold-bench-'));
    try {
      let [bytes, ours, compressed, number] = [0, 0, 0, 0];
      for (let index = 0; index < FILES; index++) {
        const written = await write(join(folder, `${index}.json.gz`), number);
        bytes += written.bytes;
        ours += written.ours;
        compressed += written.compressed;
        number += written.records;
      }
      const units = await folderUnits(folder, 'trail');
      const processor: number[] = [];
      const before = process.memoryUsage().rss;
      let most = before;
      const watch = setInterval(() => {
        most = Math.max(most, process.memoryUsage().rss);
      }, 20);
      const times = await byTurns(
        {
          leasehold: () =>
            clockMs(async () => {
              const started = process.cpuUsage();
              const found = await gather([environment], { units });
              const { user, system } = process.cpuUsage(started);
              processor.push((user + system) / 1e6);
              if (found.roles.get('dev/s3-deploy')?.calls !== ours) throw new Error('events are missing');
            }),
          jq: () => clockMs(() => jq(folder, ours)),
        },
        { turns: sized(3, 1), warmUp: sized(1, 0) },
      );
      clearInterval(watch);
      const [own, rival] = [median(times.leasehold), median(times.jq)];
      return [
        { name: 'gather', value: bytes / 1e6 / (own / 1000), unit: 'MB/s' },
        { name: 'gather, in a second of processor time', value: bytes / 1e6 / median(processor), unit: 'MB' },
        { name: 'zcat | jq', value: bytes / 1e6 / (rival / 1000), unit: 'MB/s' },
        { name: 'zcat | jq takes, times as long', value: rival / own, unit: '×', atLeast: 2 },
        { name: 'compressed size', value: compressed / 1e6, unit: 'MB' },
        { name: 'memory while reading', value: (most - before) / 1e6, unit: 'MB', atMost: 100 },
      ];
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  },
};

interface Written {
  readonly bytes: number;
  readonly compressed: number;
  readonly records: number;
  /** Calls of the role. */
  readonly ours: number;
}

/** Writes one file. @param first the number of its first record, so that no record is in two files */
async function write(file: string, first: number): Promise<Written> {
  const zip = createGzip({ level: 6 });
  const out = zip.pipe(createWriteStream(file));
  let [bytes, ours, number] = [0, 0, first];
  const put = async (text: string) => {
    bytes += Buffer.byteLength(text);
    if (!zip.write(text)) await once(zip, 'drain');
  };
  await put(`{"Records":[${JSON.stringify({ ...anIssue(role), ...idsOf(`issue ${first}`) })}`);
  for (; bytes < MEGABYTES * 1e6; number++) {
    const own = number % SHARE === 0;
    if (own) ours += 1;
    await put(`,${JSON.stringify({ ...(own ? ourCall(number) : otherCall(number)), ...rest(number) })}`);
  }
  await put(']}');
  zip.end();
  await once(out, 'finish');
  return { bytes, compressed: statSync(file).size, records: number - first, ours };
}

/** Ids that do not compress, as those of AWS. */
function idsOf(text: string): Fields {
  const hex = createHash('sha256').update(text).digest('hex');
  const [eventID, requestID] = [hex.slice(0, 32), hex.slice(32)].map((each) =>
    each.replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-'),
  );
  return { eventID, requestID };
}

function ourCall(number: number): Fields {
  return aCall(role, 's3.PutObject', {
    requestParameters: { bucketName: 'hermes-dev-deploy', key: `1.4.${number}/app.js` },
  });
}

function otherCall(number: number): Fields {
  return aRecord({
    userIdentity: {
      type: 'AssumedRole',
      arn: `arn:aws:sts::123456789012:assumed-role/service-${number % 97}/i-0${number}`,
      accountId: '123456789012',
      sessionContext: { sessionIssuer: { type: 'Role', arn: `arn:aws:iam::123456789012:role/service-${number % 97}` } },
    },
    eventSource: 'ec2.amazonaws.com',
    eventName: 'DescribeInstances',
    requestParameters: { filterSet: { items: [{ name: 'tag:a', valueSet: { items: [{ value: `${number}` }] } }] } },
  });
}

/** What CloudTrail adds to each record. */
function rest(number: number): Fields {
  return {
    ...idsOf(`${number}`),
    sourceIPAddress: '203.0.113.7',
    userAgent: 'aws-sdk-js/3.1100.0 os/linux lang/js md/nodejs#22.11.0 api/ec2#3.1100.0',
    tlsDetails: {
      tlsVersion: 'TLSv1.3',
      cipherSuite: 'TLS_AES_128_GCM_SHA256',
      clientProvidedHostHeader: 'ec2.eu-west-1.amazonaws.com',
    },
  };
}

/** The same count, as one would take it by hand: one number for each file. */
function jq(folder: string, ours: number): void {
  const filter = `[.Records[] | select(.userIdentity.sessionContext.sessionIssuer.arn == "${roleArn(role, environment)}")] | length`;
  const { stdout, status } = spawnSync('sh', ['-c', `zcat "${folder}"/*.json.gz | jq '${filter}'`], {
    encoding: 'utf8',
  });
  const found = stdout.split('\n').reduce((sum, line) => sum + Number(line), 0);
  if (status !== 0 || found !== ours) throw new Error('jq found another number');
}
