/** Whose records are read to verify signatures. The broker that answers is not trusted. */
import { readPeopleRecords } from '../../../lib/broker/consent/people-records';

const signedBy = (...names: readonly string[]) => names.map((by) => ({ body: { by, assertion: {} } }));

/** Reads records from a table, and counts. A person without an entry has no events. */
function reader(records: Readonly<Record<string, readonly unknown[] | undefined>>) {
  const asked: string[] = [];
  return {
    asked,
    read: async (name: string) => {
      asked.push(name);
      return { person: name, events: name in records ? records[name] : [] };
    },
  };
}

it('reads the people who signed, and the people who signed for these, each once', async () => {
  const { asked, read } = reader({
    lead: signedBy('root', 'lead'),
    root: signedBy('administrator chief', 'root'),
    chief: signedBy('approver lead', 'root'),
    oncall: signedBy('chief'),
  });
  const records = await readPeopleRecords(['oncall', 'lead', 'oncall'], read);
  expect([...records.keys()]).toEqual(['oncall', 'lead', 'chief', 'root']);
  expect(asked.toSorted()).toEqual(['chief', 'lead', 'oncall', 'root']);
  expect(records.get('chief')).toEqual({ person: 'chief', events: signedBy('approver lead', 'root') });
});

it('reads nobody who is only named in an unsigned event', async () => {
  const { read } = reader({ lead: [{ body: { by: 'root' } }, null, 7, { body: null }] });
  expect([...(await readPeopleRecords(['lead'], read)).keys()]).toEqual(['lead']);
});

it('continues without a record that cannot be read', async () => {
  const { read } = reader({ lead: undefined, oncall: signedBy('root') });
  expect([...(await readPeopleRecords(['lead', 'oncall'], read)).keys()]).toEqual(['lead', 'oncall', 'root']);
});

it('keeps each record under the name that was asked for, also if the answers name somebody else', async () => {
  let calls = 0;
  const read = async (_: string) => {
    calls += 1;
    if (calls > 100) throw new Error('It reads endlessly.');
    return { person: 'mallory', events: signedBy('root') };
  };
  const records = await readPeopleRecords(['lead'], read);
  expect([...records.keys()]).toEqual(['lead', 'root']);
  expect(calls).toBe(2);
});

it('ends, also if each record names new people', async () => {
  let calls = 0;
  const read = async (name: string) => {
    calls += 1;
    if (calls > 5000) throw new Error('It reads endlessly.');
    return { events: signedBy(`${name}0`, `${name}1`, `${name}2`) };
  };
  const names = Array.from({ length: 20 }, (_, index) => `person-${index}-`);
  const records = await readPeopleRecords(names, read);
  expect(records.size).toBe(1020);
  expect(calls).toBe(1020);
});
