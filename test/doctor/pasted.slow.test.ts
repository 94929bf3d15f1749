/** A command in a hint is pasted into a shell. Text of AWS in it is one argument, whatever it contains. */
import { execFileSync } from 'node:child_process';
import { REVOKED_PREFIX, roleArn } from '@leasehold/documents';
import { type Answers, examined } from './support/account';
import { environment, identities } from './support/damage';

/** Valid in an IAM path, in a tag or in a DynamoDB key. */
const HOSTILE = "x';touch${IFS}/tmp/x;$(id)`id`&'";

const [BROKERED] = environment.roles.filter(({ gates }) => gates.includes('broker'));

/** Damages whose hints contain a text of AWS, by verification. */
const CASES: Readonly<Record<string, Answers>> = {
  'mfa-unknown': { 'iam:ListMFADevices': () => ({ MFADevices: [{ SerialNumber: HOSTILE }] }) },
  'agent-groups': identities(({ UserDetailList }) => {
    (UserDetailList[0] as unknown as { GroupList: string[] }).GroupList = [HOSTILE];
  }),
  'agent-other-credentials': {
    'iam:ListSSHPublicKeys': () => ({ SSHPublicKeys: [{ SSHPublicKeyId: HOSTILE }] }),
    'iam:ListSigningCertificates': () => ({ Certificates: [{ CertificateId: HOSTILE }] }),
    'iam:ListServiceSpecificCredentials': () => ({
      ServiceSpecificCredentials: [{ ServiceSpecificCredentialId: HOSTILE }],
    }),
  },
  'broker-record-key': { 'kms:ListGrants': () => ({ Grants: [{ GrantId: HOSTILE, GranteePrincipal: 'x' }] }) },
  'lease-records': {
    'dynamodb:Query': ({ IndexName }) => ({ Items: IndexName === undefined ? [{}] : [{ lease: { S: HOSTILE } }] }),
  },
  'revocation-tags': identities(({ RoleDetailList }) => {
    const role = RoleDetailList.find(({ Arn }) => BROKERED && Arn === roleArn(BROKERED, environment));
    const tagged = role as unknown as { Tags: { Key: string; Value: string }[] };
    tagged.Tags = [...tagged.Tags, { Key: `${REVOKED_PREFIX}${HOSTILE}`, Value: 'lh-none' }];
  }),
};

/** The arguments that a shell passes to the command at the end of a hint. */
function argumentsIn(hint: string): readonly string[] {
  const command = /: ((?:aws|leasehold) .*)$/s.exec(hint)?.[1];
  if (command === undefined) throw new Error(`no command: ${hint}`);
  const show = `printf '%s\\0' "$@";`;
  const script = `PATH=/nowhere; aws() { ${show} }; leasehold() { ${show} }; ${command}`;
  return execFileSync('/bin/sh', ['-c', script], { encoding: 'utf8' }).split('\0');
}

it.each(Object.entries(CASES))('%s', async (id, answers) => {
  const options = { verifyRecord: () => 'an event is missing' };
  const { verified } = await examined(environment, answers, options);
  const hints = verified.filter((each) => each.id === id).flatMap(({ damages }) => damages.map(({ hint }) => hint));
  const pasted = hints.filter((hint) => hint.includes('touch'));
  expect(pasted.length).toBeGreaterThanOrEqual(id === 'agent-other-credentials' ? 3 : 1);
  for (const hint of pasted) {
    expect(argumentsIn(hint).filter((each) => each.includes('touch'))).toEqual([
      id === 'revocation-tags' ? `${REVOKED_PREFIX}${HOSTILE}` : HOSTILE,
    ]);
  }
});
