/** A command in a hint is pasted into a shell. Text of AWS in it is one argument, whatever it contains. */
import { execFileSync } from 'node:child_process';
import { REVOKED_PREFIX, roleArn } from '@leasehold/documents';
import { createProgram, define } from '../../lib/cli/program';
import { openShell } from '../../lib/cli/shell';
import { type Answers, examined } from './support/account';
import { environment, identities } from './support/damage';

/** Each is valid in an IAM path, in a tag or in a DynamoDB key. */
const HOSTILE = ["x';touch${IFS}/tmp/x;$(id)`id`&'", '--profile=touch', '-touch'];

const [BROKERED] = environment.roles.filter(({ gates }) => gates.includes('broker'));

/** Damages whose hints contain a text of AWS, by verification. */
const cases = (hostile: string): Readonly<Record<string, Answers>> => ({
  'mfa-unknown': { 'iam:ListMFADevices': () => ({ MFADevices: [{ SerialNumber: hostile }] }) },
  'agent-groups': identities(({ UserDetailList }) => {
    (UserDetailList[0] as unknown as { GroupList: string[] }).GroupList = [hostile];
  }),
  'agent-other-credentials': {
    'iam:ListSSHPublicKeys': () => ({ SSHPublicKeys: [{ SSHPublicKeyId: hostile }] }),
    'iam:ListSigningCertificates': () => ({ Certificates: [{ CertificateId: hostile }] }),
    'iam:ListServiceSpecificCredentials': () => ({
      ServiceSpecificCredentials: [{ ServiceSpecificCredentialId: hostile }],
    }),
  },
  'broker-record-key': { 'kms:ListGrants': () => ({ Grants: [{ GrantId: hostile, GranteePrincipal: 'x' }] }) },
  'lease-records': {
    'dynamodb:Query': ({ IndexName }) => ({ Items: IndexName === undefined ? [{}] : [{ lease: { S: hostile } }] }),
  },
  'revocation-tags': identities(({ RoleDetailList }) => {
    const role = RoleDetailList.find(({ Arn }) => BROKERED && Arn === roleArn(BROKERED, environment));
    const tagged = role as unknown as { Tags: { Key: string; Value: string }[] };
    tagged.Tags = [...tagged.Tags, { Key: `${REVOKED_PREFIX}${hostile}`, Value: 'lh-none' }];
  }),
});

/** The arguments that a shell passes to the command at the end of a hint. */
function argumentsIn(hint: string): readonly string[] {
  const command = /: ((?:aws|leasehold) .*)$/s.exec(hint)?.[1];
  if (command === undefined) throw new Error(`no command: ${hint}`);
  const show = `printf '%s\\0' "$@";`;
  const script = `PATH=/nowhere; aws() { ${show} }; leasehold() { ${show} }; ${command}`;
  return execFileSync('/bin/sh', ['-c', script], { encoding: 'utf8' }).split('\0');
}

/** The arguments that a program does not read as options: what follows `--`, and values of options. */
function valuesIn(words: readonly string[]): readonly string[] {
  const end = words.indexOf('--');
  const before = end < 0 ? words : words.slice(0, end);
  const after = end < 0 ? [] : words.slice(end + 1);
  const values = before.flatMap((word) => (word.startsWith('-') ? (/^--[a-z-]+=(.*)$/s.exec(word)?.[1] ?? []) : word));
  return [...values, ...after];
}

it.each(
  HOSTILE.flatMap((hostile) => Object.entries(cases(hostile)).map(([id, answers]) => ({ id, hostile, answers }))),
)('$id with $hostile', async ({ id, hostile, answers }) => {
  const options = { verifyRecord: () => 'an event is missing' };
  const { verified } = await examined(environment, answers, options);
  const hints = verified.filter((each) => each.id === id).flatMap(({ damages }) => damages.map(({ hint }) => hint));
  const pasted = hints.filter((hint) => hint.includes('touch'));
  expect(pasted.length).toBeGreaterThanOrEqual(id === 'agent-other-credentials' ? 3 : 1);
  for (const hint of pasted) {
    expect(valuesIn(argumentsIn(hint)).filter((each) => each.includes('touch'))).toEqual([
      id === 'revocation-tags' ? `${REVOKED_PREFIX}${hostile}` : hostile,
    ]);
  }
});

it('the options in commands of Leasehold exist', async () => {
  const answers = { ...cases('lh-1')['lease-records'], 'iam:ListMFADevices': () => ({ MFADevices: [] }) };
  const { verified } = await examined(environment, answers, { verifyRecord: () => 'an event is missing' });
  const hints = verified.flatMap(({ damages }) => damages.map(({ hint }) => hint));
  const commands = hints.filter((hint) => / leasehold /.test(hint)).map(argumentsIn);
  expect(new Set(commands.map(([name]) => name))).toEqual(new Set(['mfa', 'audit']));
  const host = { out: () => {}, err: () => {}, outColumns: 80, errColumns: 80, cwd: '/', env: {}, today: '2026-11-30' };
  const program = createProgram(host);
  const shell = openShell(host, false, () => {});
  for (const command of program.commands) define(command, shell);
  for (const [name, ...words] of commands) {
    const command = program.commands.find((each) => each.name() === name);
    expect(command?.parseOptions([...words]).unknown).toEqual([]);
  }
});
