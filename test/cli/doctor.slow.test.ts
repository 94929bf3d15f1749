/** `leasehold doctor`: its output in every form, its options, and its exit codes. */
import { loadDefinitions } from '@leasehold/definitions';
import { diagnosisJson, diagnosisSarif, doctorPolicy, verifications } from '@leasehold/doctor';
import { paint } from '../../lib/cli/colour';
import { renderDiagnosis } from '../../lib/cli/render/doctor';
import { examined, fullEnvironment, refuse } from '../doctor/support/account';
import { expectGoldenText, leasehold, project } from './support';

const environment = fullEnvironment();

const damaged = () =>
  examined(
    environment,
    {
      'iam:ListMFADevices': () => ({ MFADevices: [] }),
      'kms:ListGrants': () => ({
        Grants: [{ GrantId: 'g1', GranteePrincipal: 'arn:aws:iam::1:user/a\u202eb\n[x](y) @all' }],
      }),
      'organizations:DescribeOrganization': refuse('AccessDeniedException', 403),
    },
    { skip: ['access-analyzer'] },
  );

it('shows damages, then what was not checked, then the rest, on a terminal and in a pipe', async () => {
  const diagnosis = await damaged();
  expectGoldenText(
    'doctor.txt',
    `${renderDiagnosis(diagnosis, paint(false), 80)}\n=====\n${renderDiagnosis(diagnosis, paint(false), undefined)}`,
  );
});

it('shows an undamaged account in two lines', async () => {
  const text = renderDiagnosis(await examined(environment), paint(false), 4000);
  expect(text).toMatch(/^hermes-dev in account 123456789012: (\d+) of \1 are ok\.\n\nok: agent-exists, .*\n$/);
});

it('prints JSON for programs', async () => {
  const json = JSON.parse(JSON.stringify(diagnosisJson(await damaged())));
  expect(json).toMatchObject({
    version: 1,
    subject: 'hermes-dev in account 123456789012',
    summary: { damaged: 2, notChecked: 1, skipped: 1 },
  });
  expect(json.summary.ok).toBe(json.verifications.length - 4);
  const [missing] = json.verifications.filter(({ id }: { id: string }) => id === 'mfa-missing');
  expect(missing).toMatchObject({
    result: 'damaged',
    part: 'identity',
    damages: [{ severity: 'medium' }, { severity: 'medium' }],
    notChecked: [],
  });
});

it('prints SARIF with a rule for each verification, and nothing that links or mentions', async () => {
  const log = diagnosisSarif(await damaged(), {
    version: '1.2.3',
    verifications,
    file: 'roles',
    page: (id) => `https://x.example/doctor.md#${id}`,
  });
  const [run] = log.runs;
  expect(run?.tool.driver).toMatchObject({ name: 'leasehold-doctor', semanticVersion: '1.2.3' });
  expect(run?.tool.driver.rules.map(({ id }) => id)).toEqual(verifications.map(({ id }) => id).sort());
  expect(run?.results.map(({ ruleId, level }) => [ruleId, level])).toEqual([
    ['mfa-missing', 'warning'],
    ['mfa-missing', 'warning'],
    ['organization-lease', 'warning'],
    ['broker-record-key', 'error'],
  ]);
  const texts = run?.results.map(({ message }) => message.text).join('\n') ?? '';
  expect(texts).not.toMatch(/\u202e|\]\(|@/);
  expect(texts).toContain('Not checked: organizations:DescribeOrganization was denied.');
});

it('prints the policy that it needs', async () => {
  const { code, out } = await leasehold('doctor --env dev --policy');
  const { definitions } = loadDefinitions(['roles'], { cwd: project('hermes') });
  const [dev] = definitions?.environments ?? [];
  expect(code).toBe(0);
  expect(JSON.parse(out)).toEqual(dev && doctorPolicy(dev));
});

it.each([
  ['doctor --env nowhere', 'has no environment "nowhere"'],
  ['doctor --env dev --skip rolepolicies', 'hint:     Did you mean "role-policies"?'],
  ['doctor --env dev --json --sarif', "cannot be used with option '--sarif'"],
  ['doctor --here --env dev', "cannot be used with option '--env"],
])('%s is a wrong command line', async (line, says) => {
  const { code, out, err } = await leasehold(line);
  expect(code).toBe(2);
  expect(out).toBe('');
  expect(err).toContain(says);
});

it('verifies this machine without definitions', async () => {
  const skipped = verifications
    .map(({ id }) => id)
    .filter((id) => id.startsWith('here-') && id !== 'here-endpoint-variables');
  const line = ['doctor', '--here', '--json', ...skipped.flatMap((id) => ['--skip', id])];
  const clean = await leasehold(line, { cwd: '/' });
  expect([clean.code, JSON.parse(clean.out).summary]).toEqual([0, expect.objectContaining({ ok: 1, damaged: 0 })]);
  const other = await leasehold(line, { cwd: '/', env: { AWS_ENDPOINT_URL: 'https://other.example' } });
  expect([other.code, JSON.parse(other.out).summary]).toEqual([1, expect.objectContaining({ ok: 0, damaged: 1 })]);
});
