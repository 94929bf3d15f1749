/**
 * The doctor against a stack that the real Terraform applied: silent about an undamaged account, and each damage is found
 * by exactly one verification. Damages of one verification are done one after the other; those of different ones together.
 * What moto cannot represent is tested with hand-written answers in test/doctor.
 */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readRecord } from '@leasehold/broker';
import { synthesizeUnchecked } from '@leasehold/constructs';
import { type Diagnosis, examineAccount } from '@leasehold/doctor';
import { aBrokerEnvironment } from '../support/broker-environment';
import { definitions } from '../support/environment';
import { ACCOUNT_DAMAGES } from './doctor/account-damages';
import { BROKER_DAMAGES, stateHealth } from './doctor/broker-damages';
import { createBystanders } from './doctor/bystanders';
import { type Clients, clientsOf, type LiveDamage } from './doctor/damage';
import { IDENTITY_DAMAGES } from './doctor/identity-damages';
import { ROLE_DAMAGES } from './doctor/role-damages';
import { type Moto, startMoto } from './support/moto';
import { describeWithRealTools } from './support/needs';
import { terraformIn } from './support/terraform';

const MINUTES = 60_000;

const environment = aBrokerEnvironment({
  alerts: { emails: ['security@example.com'], trail: 'create', hours: { from: 6, to: 20 } },
});
const DAMAGES = [...IDENTITY_DAMAGES, ...ROLE_DAMAGES, ...ACCOUNT_DAMAGES, ...BROKER_DAMAGES];

/** Calls that moto does not have. The doctor must report them as not checked, whatever else it finds. */
const NOT_IN_MOTO = [
  'access-analyzer',
  'agent-other-credentials',
  'broker-deployment',
  'broker-entrances',
  'broker-record-key',
  'broker-role-elsewhere',
  'mfa-enrolled-by-agent',
  'region-enabled',
];

describeWithRealTools('the doctor', () => {
  let moto: Moto;
  let clients: Clients;
  let folder: string;
  let brokerCode: string;

  beforeAll(async () => {
    moto = await startMoto('123456789012', { MOTO_IAM_LOAD_MANAGED_POLICIES: 'true' });
    clients = clientsOf(moto, environment.region);
    folder = mkdtempSync(join(tmpdir(), 'leasehold-doctor-'));
    const [written] = synthesizeUnchecked(definitions(environment), { outdir: join(folder, 'cdktf.out') });
    const directory = written?.directory ?? folder;
    const stack = JSON.parse(readFileSync(join(directory, 'cdk.tf.json'), 'utf8'));
    brokerCode = (Object.values(stack.resource.aws_lambda_function)[0] as { source_code_hash: string })
      .source_code_hash;
    const terraform = terraformIn(directory, moto);
    await terraform.init();
    await terraform.apply('-parallelism=30');
    await createBystanders(clients);
  }, 6 * MINUTES);

  afterAll(async () => {
    await moto?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  const examined = async (options: { readonly brokerCode?: string } = {}): Promise<Diagnosis> => {
    // No function of the broker runs here that could state its health.
    await stateHealth(clients);
    return examineAccount(environment, {
      brokerCode,
      attempts: 1,
      // moto is not AWS, which it reports.
      skip: ['aws-endpoints'],
      configure: (_service, region) => ({ ...moto.client, region }),
      verifyRecord: (lease, events) => {
        const record = readRecord(lease, events);
        return record.kind === 'holds' ? undefined : record.because;
      },
      ...options,
    });
  };

  it('finds nothing in an undamaged account, and states what it could not check', async () => {
    const diagnosis = await examined();
    expect(messages(diagnosis)).toEqual([]);
    expect(notChecked(diagnosis)).toEqual(NOT_IN_MOTO);
  });

  it('knows the damages of every verification that moto can represent', () => {
    expect(DAMAGES.length).toBeGreaterThanOrEqual(60);
    expect(new Set(DAMAGES.map(({ name }) => name)).size).toBe(DAMAGES.length);
  });

  it.each(rounds(DAMAGES).map((round, index) => [index + 1, round] as const))(
    'finds each damage of round %s by exactly the right verification',
    async (_, round) => {
      const done: LiveDamage[] = [];
      try {
        for (const each of round) {
          await each.damage(clients);
          done.unshift(each);
        }
        const found = messages(await examined());
        const wrong = round.filter(({ found: id, says }) => {
          const own = found.filter((each) => each.id === id);
          return own.length === 0 || !own.some(({ message }) => says.test(message));
        });
        expect({ wrong: wrong.map(({ name }) => name), found: wrong.length > 0 ? found : [] }).toEqual({
          wrong: [],
          found: [],
        });
        const expected = round.flatMap(({ found: id, also = id }) => [id, also]);
        expect([...new Set(found.map(({ id }) => id))].sort()).toEqual([...new Set(expected)].sort());
      } finally {
        for (const each of done) await each.repair(clients);
      }
    },
    3 * MINUTES,
  );

  it('finds other code of the broker', async () => {
    const found = messages(await examined({ brokerCode: 'b3RoZXI=' }));
    expect(found.map(({ id }) => id)).toEqual(['broker-code']);
  });

  it('finds nothing once everything is repaired', async () => {
    const diagnosis = await examined();
    expect(messages(diagnosis)).toEqual([]);
    expect(notChecked(diagnosis)).toEqual(NOT_IN_MOTO);
  });
});

/** The n-th round has the n-th damage of each verification. */
function rounds(damages: readonly LiveDamage[]): readonly (readonly LiveDamage[])[] {
  const byVerification = new Map<string, LiveDamage[]>();
  const alone = damages.filter((each) => each.alone);
  for (const each of damages)
    if (!each.alone) byVerification.set(each.found, [...(byVerification.get(each.found) ?? []), each]);
  const most = Math.max(...[...byVerification.values()].map(({ length }) => length));
  return [
    ...Array.from({ length: most }, (_, index) => [...byVerification.values()].flatMap((all) => all[index] ?? [])),
    ...alone.map((each) => [each]),
  ];
}

function messages({ verified }: Diagnosis) {
  return verified.flatMap(({ id, damages }) => damages.map(({ message }) => ({ id, message })));
}

function notChecked({ verified }: Diagnosis): readonly string[] {
  return verified
    .filter(({ unchecked }) => unchecked.length > 0)
    .map(({ id }) => id)
    .sort();
}
