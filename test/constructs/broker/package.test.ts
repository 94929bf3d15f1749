/** The archives of the functions: the same bytes everywhere, and readable where Lambda unpacks them. */
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { brokerConfig } from '@leasehold/documents';
import { strFromU8, unzipSync } from 'fflate';
import { brokerBundle, brokerPackage, consoleBundle, consolePackage } from '../../../lib/constructs/broker/package';
import { aBrokerEnvironment } from '../../support/broker-environment';
import { A_FUNCTION } from '../../support/broker-stack';
import { A_CONSOLE, writeConsoleFolder } from '../../support/console-folder';
import { inTemporaryFolder } from '../../support/synth';

const environment = aBrokerEnvironment();

function packed(): Uint8Array {
  return inTemporaryFolder((folder) => {
    const code = join(folder, 'any-name.js');
    writeFileSync(code, A_FUNCTION);
    return brokerPackage(environment, code).bytes;
  });
}

it('holds the code and what the definitions say', () => {
  const files = Object.entries(unzipSync(packed())).map(([name, bytes]) => [name, strFromU8(bytes)]);
  expect(files).toEqual([
    ['config.json', brokerConfig(environment)],
    ['index.js', A_FUNCTION],
  ]);
});

it('is not made without the code', () => {
  expect(() => brokerPackage(environment, '/nonexistent.js')).toThrow(expect.objectContaining({ code: 'not-built' }));
});

it('is the same bytes in other time zones and at other times', () => {
  const here = packed();
  const { TZ } = process.env;
  const now = jest.spyOn(Date, 'now');
  try {
    for (const zone of ['Asia/Seoul', 'America/Los_Angeles', 'Pacific/Kiritimati']) {
      process.env.TZ = zone;
      now.mockReturnValue(Date.UTC(2031, 6, 1));
      expect(Buffer.from(packed()).equals(here)).toBe(true);
    }
  } finally {
    now.mockRestore();
    if (TZ === undefined) delete process.env.TZ;
    else process.env.TZ = TZ;
  }
});

it('is unpacked to files that everybody may read, of the archive’s first day', () => {
  expect(directoryOf(packed())).toEqual([
    { name: 'config.json', unix: true, mode: 0o644, day: [1980, 1, 1] },
    { name: 'index.js', unix: true, mode: 0o644, day: [1980, 1, 1] },
  ]);
});

describe('the archive of the console', () => {
  const ofConsole = (code?: string) =>
    inTemporaryFolder((folder) => consolePackage(writeConsoleFolder(join(folder, 'any name'), code)));

  it('contains the code and the files of the built console, and nothing from the definitions', () => {
    const files = unzipSync(ofConsole('code').bytes);
    const site = Object.entries(A_CONSOLE).map(([name, text]) => [`site/${name}`, text]);
    expect(Object.fromEntries(Object.entries(files).map(([name, bytes]) => [name, strFromU8(bytes)]))).toEqual(
      Object.fromEntries([['index.js', 'code'], ...site]),
    );
    expect(Object.keys(files)).toEqual(Object.keys(files).sort());
  });

  it.each(['index.js', 'site/index.html'])('is not made without %s', (name) => {
    inTemporaryFolder((folder) => {
      const console = writeConsoleFolder(join(folder, 'console'));
      rmSync(join(console, name));
      expect(() => consolePackage(console)).toThrow(
        expect.objectContaining({ code: 'not-built', message: `The console in ${console} has no ${name}.` }),
      );
    });
  });

  it('is not made from a folder that does not exist', () => {
    expect(() => consolePackage('/nonexistent')).toThrow(expect.objectContaining({ code: 'not-built' }));
  });

  it('has the same hash in every folder and time zone, and another one for another file', () => {
    const { TZ } = process.env;
    const [{ hash }, other] = [ofConsole(), ofConsole('other code')];
    try {
      process.env.TZ = 'Pacific/Kiritimati';
      expect(ofConsole().hash).toBe(hash);
    } finally {
      if (TZ === undefined) delete process.env.TZ;
      else process.env.TZ = TZ;
    }
    expect(other.hash).not.toBe(hash);
  });
});

it('takes the code that was built, and asks for a build where there is none', () => {
  const asked: string[] = [];
  expect(brokerBundle((name) => `${asked.push(name)}/index.js`)).toBe('1/index.js');
  expect(consoleBundle((name) => `${asked.push(name)}/index.js`)).toBe('2/index.js');
  expect(asked).toEqual(['@leasehold/constructs/broker-function', '@leasehold/constructs/console-function']);
  const missing = () => {
    throw new Error('not found');
  };
  const hint = expect.stringContaining('Run `npm run build` in');
  expect(() => brokerBundle(missing)).toThrow(expect.objectContaining({ hint }));
  expect(() => consoleBundle(missing)).toThrow(expect.objectContaining({ hint }));
});

/** The entries of an archive's directory: https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT, 4.3.12 */
function directoryOf(archive: Uint8Array): readonly object[] {
  const bytes = Buffer.from(archive);
  const entries: object[] = [];
  for (let at = bytes.indexOf('PK\x01\x02'); at >= 0; at = bytes.indexOf('PK\x01\x02', at + 4)) {
    const date = bytes.readUInt16LE(at + 14);
    entries.push({
      name: bytes.toString('utf8', at + 46, at + 46 + bytes.readUInt16LE(at + 28)),
      unix: bytes.readUInt8(at + 5) === 3,
      mode: bytes.readUInt32LE(at + 38) >>> 16,
      day: [1980 + (date >> 9), (date >> 5) & 15, date & 31],
    });
  }
  return entries;
}
