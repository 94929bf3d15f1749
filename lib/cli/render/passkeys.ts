/** Shows people's passkeys, and a one-time code. */

import { isUsableAt, type PersonPasskeys, type RecordedKey, thumbprint } from '@leasehold/broker/core';
import { defined } from '@leasehold/contract/defined';
import { moment, visible } from '@leasehold/contract/text';
import type { IssuedCode } from '../broker/issue-code';
import type { VerifiedPasskeys } from '../broker/passkeys';
import type { Paint } from '../colour';
import { renderFacts } from './facts';
import { renderTable } from './table';

/** Version of the JSON format. */
const VERSION = 1;

/** One row for each passkey, and one row for each person without a passkey. */
export function renderPasskeys(verified: VerifiedPasskeys, paint: Paint, columns?: number): string {
  const { people, roots } = verified;
  const table = renderTable(
    [
      { title: 'person', keep: true, hue: () => 'bold' },
      { title: 'passkey' },
      { title: 'thumbprint' },
      { title: 'registered (UTC)' },
      { title: 'signs for others' },
      { title: 'state', hue: (cell) => (cell.startsWith(BROKEN) ? 'red' : cell === 'valid' ? 'green' : undefined) },
    ],
    people.flatMap((each) => rowsOf(each, verified)).map((row) => row.map(visible)),
    { paint, columns },
  );
  const trust = roots.map(
    ({ person, thumbprint: root }) =>
      `All trust depends on the passkey of ${visible(person)} with the thumbprint ${root}.\n`,
  );
  return [table, ...trust].join('\n');
}

/** The same as data. */
export function passkeysJson({ environment, relyingParty, people, roots }: VerifiedPasskeys) {
  return {
    version: VERSION,
    environment,
    relyingParty,
    valid: people.every(({ kind }) => kind === 'verified'),
    roots: roots.map(({ person, thumbprint: root }) => ({ person, thumbprint: root })),
    people: people.map((each) =>
      each.kind === 'broken'
        ? { person: each.person, valid: false, because: each.because }
        : {
            person: each.person,
            valid: true,
            passkeys: each.keys.map((recorded) => passkeyJson(recorded, relyingParty)),
            ...defined({ code: each.code && codeState(each.code) }),
          },
    ),
  };
}

function passkeyJson(recorded: RecordedKey, relyingParty: VerifiedPasskeys['relyingParty']) {
  const { key, registeredAt, administrator, removedAt } = recorded;
  return {
    id: key.id,
    label: key.label,
    thumbprint: thumbprint(key.publicKey),
    registeredAt,
    administrator,
    synced: key.synced,
    usable: isUsableAt(recorded, relyingParty),
    ...defined({ removedAt }),
  };
}

/** An unused code. Its hash is omitted, because nobody needs the hash. */
function codeState({ until, wrong, administrator }: NonNullable<Verified['code']>) {
  return { until, wrongAttempts: wrong, administrator };
}

type Verified = Extract<PersonPasskeys, { kind: 'verified' }>;

/** The code on the first line, then the information that the administrator gives to the person. */
export function renderCode(
  { code, person, until, enterAt, environment }: IssuedCode,
  paint: Paint,
  columns?: number,
): string {
  const facts = [
    { label: 'For', lines: [`${visible(person)}, administrator of ${visible(environment)}`] },
    { label: 'Valid', lines: [`once, until ${moment(until)}`] },
    { label: 'Enter at', lines: [visible(enterAt)] },
  ];
  return `${code}\n\n${renderFacts(facts, paint, columns)}`;
}

/** The same as data. */
export function codeJson({ person, code, until, enterAt, environment, alert }: IssuedCode) {
  return { version: VERSION, person, code, until, administrator: true, enterAt, environment, alert };
}

/** Prefix of the state of a record that is not valid. */
const BROKEN = 'not valid: ';

function rowsOf(each: PersonPasskeys, { relyingParty }: VerifiedPasskeys): readonly (readonly string[])[] {
  const { person } = each;
  if (each.kind === 'broken') return [[person, '', '', '', '', `${BROKEN}${each.because}`]];
  const rows = each.keys.map((recorded) => {
    const { key, registeredAt, administrator, removedAt } = recorded;
    const state = isUsableAt(recorded, relyingParty) ? 'valid' : `only at ${key.relyingParty.origin}`;
    return [
      person,
      key.label,
      `${thumbprint(key.publicKey).slice(0, 16)}…`,
      minute(registeredAt),
      administrator ? 'yes' : 'no',
      removedAt === undefined ? state : `removed ${minute(removedAt)}`,
    ];
  });
  if (each.code !== undefined) rows.push([person, '', '', '', '', `code until ${minute(each.code.until)}`]);
  return rows.length > 0 ? rows : [[person, '', '', '', '', 'no passkey']];
}

function minute(at: number): string {
  return moment(at).replace(/ UTC$/, '');
}
