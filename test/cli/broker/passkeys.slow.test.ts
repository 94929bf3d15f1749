/** `leasehold passkeys`: what an administrator sees, and the code of the first administrator. */
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { manifest } from '@leasehold/documents';
import { thumbprint } from '../../../lib/broker/consent/key-record';
import { Authenticator } from '../../broker/consent/authenticator';
import { aBankWithChief, consentOf, Keys, peopleAt, withPasskeys } from '../../broker/consent/people';
import { removeFolders } from '../support';
import { anOffice, type Office } from './support';

const CONSOLE = 'https://leases.example.com/console';
const CODE = /^[0-9a-hjkmnp-tv-z]{26}$/;

let office: Office;
let store: Keys;
let people: ReturnType<typeof peopleAt>;
beforeEach(async () => {
  store = new Keys();
  const environment = withPasskeys(aBankWithChief());
  office = await anOffice(environment, { consent: consentOf(store) });
  writeFileSync(join(office.folder, 'leasehold.json'), JSON.stringify(manifest(environment, office.url, CONSOLE)));
  const { call, world } = office;
  people = peopleAt({ call, world, store, environment });
});
afterEach(() => office.stop());
afterAll(removeFolders);

const told = (person: string) => (store.events.get(person) ?? []).map(({ body }) => body.type);
const run = (line: string, as = 'root') => office.as(as, `passkeys ${line}`, { columns: 0 });
const enrolRoot = () => people.enrol('administrator', 'root', { name: 'root' }, true);

describe('the code of the first administrator', () => {
  it('is printed once, with its end and its page, and registers a passkey', async () => {
    const { code, out, err } = await run('code root --valid-for 15m');
    expect({ code, lines: out.split('\n').slice(1) }).toEqual({
      code: 0,
      lines: [
        '',
        '  For       root, administrator of hermes/dev/123456789012',
        expect.stringMatching(/^ {2}Valid {5}once, until \S+ \S+ UTC$/),
        `  Enter at  ${CONSOLE}/passkeys`,
        '',
      ],
    });
    const [issued = ''] = out.split('\n');
    expect(issued).toMatch(CODE);
    expect(store.events.get('root')?.[0]?.body).toMatchObject({ until: office.world.now + 900, administrator: true });
    expect(err).toContain(
      'note: the event, and an alert about it, show "code-issued" for keys#root, and not the code\n',
    );

    expect((await people.register('administrator', 'root', new Authenticator(), { code: issued })).status).toBe(200);
    const again = await people.register('administrator', 'root', new Authenticator(), { code: issued });
    expect(again).toMatchObject({ body: { code: 'enrolment-refused' } });
  });

  it('is in no file, event or error, nor in what the broker received', async () => {
    const { out, err } = await run('code root --json');
    const { code, until, enterAt, alert } = JSON.parse(out);
    expect({ until, enterAt, alert }).toEqual({
      until: office.world.now + 3600,
      enterAt: `${CONSOLE}/passkeys`,
      alert: { outcome: 'code-issued', lease: 'keys#root', requester: 'root' },
    });
    const files = readdirSync(office.folder, { recursive: true, encoding: 'utf8' })
      .map((name) => join(office.folder, name))
      .filter((path) => statSync(path).isFile())
      .map((path) => readFileSync(path, 'utf8'));
    const kept = JSON.stringify([err, files, [...store.events], office.sandbox.log.events, office.world.errors]);
    expect(code).toMatch(CODE);
    expect(kept).not.toContain(code);
    expect(kept).toContain(createHash('sha256').update(code).digest('hex'));
  });

  it('is another one each time, and replaces the earlier one', async () => {
    const first = JSON.parse((await run('code root --json')).out);
    const second = await run('code root --json', 'chief');
    expect(second.err).toContain('note: the earlier code of root is no longer valid\n');
    expect(JSON.parse(second.out).code).not.toBe(first.code);
    const late = await people.register('administrator', 'root', new Authenticator(), { code: first.code });
    expect(late).toMatchObject({ body: { code: 'enrolment-refused' } });
  });

  it.each([
    ['code', 'whom the code is for is not named'],
    ['code a/b', '"a/b" is no name of a person'],
    ['code root --valid-for 25h', 'Specify a duration from 1m to 24h'],
    ['code root --valid-for 10s', 'Specify a duration from 1m to 24h'],
    ['remove root', 'Allowed choices are list, code'],
    ['code nobody', 'The definitions know no such person'],
  ])('%s is a mistake in the command line', async (line, message) => {
    expect(await run(line)).toMatchObject({ code: 2, out: '', err: expect.stringContaining(message) });
    expect([...store.events]).toEqual([]);
  });

  it('is not given out if the broker names another console than the manifest', async () => {
    const file = join(office.folder, 'leasehold.json');
    const other = manifest(office.environment, office.url, 'https://other.example.com/console');
    writeFileSync(file, JSON.stringify(other));
    expect(await run('code root')).toMatchObject({
      code: 1,
      out: '',
      err: expect.stringContaining('belong to https://leases.example.com'),
    });
    expect([...store.events]).toEqual([]);
  });

  it('is entered at the console that the broker names, if the manifest names none', async () => {
    const { broker, ...rest } = manifest(office.environment, office.url);
    const unnamed = { ...rest, broker: { ...broker, console: undefined } };
    writeFileSync(join(office.folder, 'leasehold.json'), JSON.stringify(unnamed));
    expect(JSON.parse((await run('code root --json')).out)).toMatchObject({ enterAt: `${CONSOLE}/passkeys` });
  });

  it('is not given out if the broker recorded another one', async () => {
    const append = store.append.bind(store);
    store.append = (event, person) =>
      append({ ...event, body: { ...event.body, code: 'a'.repeat(64) } } as typeof event, person);
    expect(await run('code root')).toMatchObject({
      code: 1,
      out: '',
      err: expect.stringContaining('does not contain the code that this command sent'),
    });
  });
});

describe('nobody gets a code', () => {
  it.each(['alice', 'lead', 'oncall'])('as %s, who is no administrator', async (name) => {
    for (const line of ['code root', `code ${name}`, 'list']) {
      const { code, out, err } = await run(line, name);
      expect({ code, out }).toEqual({ code: 1, out: '' });
      expect(err).toMatch(/AWS does not allow \S+ to assume \S+-administrator \[denied\]/);
    }
    expect([...store.events]).toEqual([]);
  });

  it('for somebody who is no administrator, while nobody can sign it', async () => {
    const { code, out, err } = await run('code lead');
    expect({ code, out }).toEqual({ code: 1, out: '' });
    expect(err).toMatch(/The first code must be for an administrator.* \[consent-required\]/);
    expect(told('lead')).toEqual([]);
  });

  it.each([
    ['another person', 'root', 'lead'],
    ['another administrator', 'root', 'chief'],
    ['oneself', 'chief', 'chief'],
  ])('for %s once an administrator has a passkey, but is told where to sign it', async (_, by, person) => {
    await enrolRoot();
    const { code, out, err } = await run(`code ${person}`, by);
    expect({ code, out }).toEqual({ code: 1, out: '' });
    expect(err).toContain('a code must be signed with the passkey of an administrator');
    expect(err).toContain(`hint:     Issue the code in the console: ${CONSOLE}/people.\n`);
    expect(told(person)).toEqual([]);
  });

  it('for oneself to get a second passkey', async () => {
    await enrolRoot();
    const { code, out, err } = await run('code root');
    expect({ code, out }).toEqual({ code: 1, out: '' });
    expect(err).toContain('root has a passkey, and a code is only for the first one [denied]');
    expect(told('root')).toEqual(['code-issued', 'key-registered']);
  });

  it('for a record that was changed', async () => {
    await enrolRoot();
    const [first] = store.events.get('root') ?? [];
    if (first === undefined) throw new Error('nothing is recorded');
    store.events.set('chief', [first]);
    expect(await run('code chief')).toMatchObject({ code: 1, out: '', err: expect.stringContaining('is not valid') });
    expect(await run('list chief')).toMatchObject({ code: 1, out: expect.stringContaining('not valid: ') });
  });

  it('where nobody uses passkeys', async () => {
    const other = await anOffice(aBankWithChief());
    try {
      expect(await other.as('root', 'passkeys code root')).toMatchObject({
        code: 2,
        out: '',
        err: expect.stringContaining('This environment does not use passkeys'),
      });
    } finally {
      await other.stop();
    }
  });
});

describe('the list', () => {
  it('shows passkeys, unused codes, and the root', async () => {
    const root = await enrolRoot();
    const by = { name: 'root', key: root };
    const lead = await people.enrol('approver', 'lead', by);
    await people.issueCode('chief', by, true);
    await people.remove('administrator', by, 'lead', lead);
    const { code, out } = await run('list');
    const row = (name: string) => out.split('\n').find((line) => line.startsWith(name));
    expect(code).toBe(0);
    expect(row('root')).toMatch(/^root +Laptop +[0-9a-f]{16}… +\S+ \S+ +yes +valid$/);
    expect(row('lead')).toMatch(/^lead +Laptop +[0-9a-f]{16}… +\S+ \S+ +no +removed /);
    expect(row('chief')).toMatch(/^chief +code until /);
    expect(row('alice')).toMatch(/^alice +no passkey$/);
    expect(out).toContain(
      `All trust depends on the passkey of root with the thumbprint ${thumbprint(root.publicKey)}.\n`,
    );
  });

  it('as JSON, of one person, also of an approver without a Principal document', async () => {
    const root = await enrolRoot();
    const { out } = await run('list root --json', 'chief');
    expect(JSON.parse(out)).toMatchObject({
      version: 1,
      valid: true,
      people: [{ person: 'root', passkeys: [{ id: root.id, administrator: true, usable: true }] }],
    });
    expect(JSON.parse((await run('list oncall --json')).out)).toMatchObject({ people: [{ passkeys: [] }] });
  });

  it('finds a passkey that a replaced broker enrolled without a signature', async () => {
    await enrolRoot();
    office.world.now += 1;
    const root = store.events.get('root') ?? [];
    store.events.delete('root');
    await people.enrol('administrator', 'chief', { name: 'chief' }, true);
    store.events.set('root', root);
    const { code, out } = await run('list');
    expect(code).toBe(1);
    expect(out).toMatch(
      /^chief .*not valid: Event 2: The event registers a key with a code that no administrator signed\.$/m,
    );
    expect(out).toMatch(/^root .* valid$/m);
  });
});
