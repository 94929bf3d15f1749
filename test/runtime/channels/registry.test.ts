/** The registry of approval channels names every channel, every secret, and is what documentation and packages list. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  CHANNELS,
  type ChannelEntry,
  channelNamed,
  configuresChannel,
  secretVariables,
} from '@leasehold/runtime/internal';
import { cleanEnvironment } from '@leasehold/serve/exec';

const ROOT = join(__dirname, '../../..');
const FOLDER = join(ROOT, 'runtime/src/channels');
const read = (...path: string[]) => readFileSync(join(ROOT, ...path), 'utf8');
const page = read('docs/approval-channels.md');
const names = CHANNELS.map(({ name }) => name);
const each = CHANNELS.map((channel) => [channel.name, channel] as const);

/** The sources of a channel, its doc comments included, and the examples of the page that import it. */
function textsOf(name: string): string {
  const folder = join(FOLDER, name);
  const sources = readdirSync(folder).map((file) => readFileSync(join(folder, file), 'utf8'));
  const examples = page.split('```').filter((block) => block.includes(`'@leasehold/runtime/${name}'`));
  return [...sources, ...examples].join('\n');
}

describe('every channel is in the registry', () => {
  it('each folder has an entry, and each entry a folder', () => {
    const folders = readdirSync(FOLDER, { withFileTypes: true }).filter((entry) => entry.isDirectory());
    expect(names.toSorted()).toEqual(folders.map(({ name }) => name).toSorted());
  });

  it('each entry is an entry point of the package, with a function of its name', () => {
    const { exports } = JSON.parse(read('runtime/package.json')) as { exports: Record<string, Record<string, string>> };
    const ofChannels = Object.entries(exports).filter(([, { default: file }]) => file?.includes('/channels/'));
    expect(ofChannels.map(([path]) => path).toSorted()).toEqual(names.map((name) => `./${name}`).toSorted());
    for (const name of names) {
      expect(exports[`./${name}`]?.['@leasehold/source']).toBe(`./src/channels/${name}/index.ts`);
      expect(require(join(FOLDER, name))).toHaveProperty(name, expect.any(Function));
    }
  });

  it('each entry is a row of the page, in order', () => {
    const rows = page.split('\n').filter((line) => /^\| \[?`@leasehold\/runtime\//.test(line));
    expect(rows.map((row) => row.replace(/\[(`[^`]+`)\]\(#[a-z]+\)/, '$1'))).toEqual(CHANNELS.map(rowOf));
  });
});

describe.each(each)('the secrets of the channel %s', (name, channel) => {
  const texts = textsOf(name);

  it('are declared: an option whose name sounds like one is one', () => {
    const sounding = Object.keys(channel.options).filter((option) =>
      /token|secret|password|key|credential/i.test(option),
    );
    const declared = Object.entries(channel.options).flatMap(([option, kind]) => (kind === 'plain' ? [] : [option]));
    expect(declared).toEqual(expect.arrayContaining(sounding));
  });

  it('are in examples only in variables that are declared for that option', () => {
    for (const [, option = '', variable = ''] of texts.matchAll(/(\w+): process\.env\.(\w+)/g)) {
      const kind = channel.options[option];
      expect([option, kind === 'plain' ? [] : kind?.secretIn]).toEqual([option, expect.arrayContaining([variable])]);
    }
  });

  it('reach no program with a lease, whatever their case', () => {
    const variables = [
      ...secretVariables(channel),
      ...(channel.variablesOf ?? []).map((start) => `${start}ADDED_LATER`),
    ];
    for (const variable of variables.flatMap((each) => [each, each.toLowerCase()])) {
      expect([variable, configuresChannel(variable)]).toEqual([variable, true]);
      expect(Object.values(cleanEnvironment({ [variable]: 'a-secret' }))).not.toContain('a-secret');
    }
  });
});

it.each(['PATH', 'SLACKER', 'XDG_RUNTIME_DIR', 'APPROVAL_SECRETARY', 'MY_TELEGRAM_BOT_TOKEN'])(
  '%s is nobody’s',
  (variable) => {
    expect(cleanEnvironment({ [variable]: 'kept' })).toMatchObject({ [variable]: 'kept' });
  },
);

describe('a channel by its name', () => {
  it.each([
    'terminal',
    'socket',
    'command:zenity',
    'command:zenity --title a:b',
    'command:["zenity", "--title", "a b"]',
  ])('%s opens', (text) => expect(channelNamed(text)).toEqual(expect.any(Function)));

  it.each([
    ...CHANNELS.flatMap(({ name, byName }) => (byName === undefined ? [name] : [])),
    'pigeon',
    '',
    'Terminal',
    'terminal:',
    'terminal:lead',
    'socket:/tmp',
    'command',
    'command:',
    'command: ',
    'command:[]',
    'command:[1]',
    'command:[""]',
    'command:["zenity"',
    'constructor',
    '__proto__',
  ])('%j is none, and the message names those that are', (text) => {
    expect(() => channelNamed(text)).toThrow(
      expect.objectContaining({
        code: 'invalid-request',
        hint: expect.stringContaining('terminal, socket or command:PROGRAM'),
      }),
    );
  });

  it('is named by the help of the command line, and by the page on other languages', () => {
    const help = /how a human is asked: (.*?); default/.exec(read('docs/cli.md'))?.[1] ?? '';
    const rows = read('docs/any-language.md');
    for (const { byName } of CHANNELS) {
      if (byName === undefined) continue;
      expect(help).toContain(byName.written);
      expect(rows).toContain(`| \`${byName.written}`);
    }
    expect(help.split(/, or |, (?!which)/)).toHaveLength(CHANNELS.filter(({ byName }) => byName !== undefined).length);
  });
});

function rowOf(channel: ChannelEntry): string {
  const { name, asks, needs, variablesOf = [] } = channel;
  const starts = variablesOf.map((start) => `\`${start}*\``);
  const others = secretVariables(channel).filter(
    (variable) => !variablesOf.some((start) => variable.startsWith(start)),
  );
  const removed = [...starts, ...others.map((variable) => `\`${variable}\``)].join(', ') || 'none';
  return `| \`@leasehold/runtime/${name}\` | ${asks} | ${needs} | ${removed} |`;
}
