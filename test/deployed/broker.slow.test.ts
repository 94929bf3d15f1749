/** What the synthesized stack of a broker allows and denies, and that its tables notice every protection broken. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { synthesizeUnchecked } from '@leasehold/constructs';
import { aBrokerEnvironment } from '../support/broker-environment';
import { readStack } from '../support/deployed';
import { definitions } from '../support/environment';
import { ACTORS, type Actor, openingRows, rowsOf, tryAs, tryToTakeOn, wrongAnswersOf } from './broker-tables';
import { protectionsOf } from './protections';

const deployed = deployedBroker();

/** What breaks no protection: a trust without its one statement is no policy, and `*:*` is `*`. */
const NO_BREACH = [/trust: (undefined|SpeakAsOneself) dropped$/, /any action of \* /];

describe.each(Object.keys(ACTORS) as Actor[])('with what belongs to the %s', (actor) => {
  it.each(rowsOf(actor))('to $name: $expect', (row) => {
    expect(tryAs(deployed, actor, row)).toBe(row.expect);
  });
});

describe('taking on a role', () => {
  it.each(openingRows())('$role: $name: $expect', (row) => {
    expect(tryToTakeOn(deployed, row)).toBe(row.expect);
  });
});

describe('a protection broken is noticed', () => {
  // The tables speak of these; what else the stack deploys has tables of its own.
  const ours = { users: {}, roles: Object.fromEntries(Object.values(ACTORS).map((name) => [name, roleNamed(name)])) };

  it.each(protectionsOf(ours).filter(({ name }) => !NO_BREACH.some((form) => form.test(name))))(
    '$name',
    ({ apply }) => {
      const broken = structuredClone(deployed);
      apply(broken);
      expect(broken).not.toEqual(deployed);
      expect(wrongAnswersOf(broken)).not.toEqual([]);
    },
  );
});

function roleNamed(name: string) {
  const role = deployed.roles[name];
  if (!role) throw new Error(`the stack does not deploy ${name}`);
  return role;
}

function deployedBroker() {
  const folder = mkdtempSync(join(tmpdir(), 'leasehold-broker-'));
  try {
    const brokerCode = join(folder, 'index.js');
    writeFileSync(brokerCode, 'exports.handler = async () => undefined;\n');
    const [stack] = synthesizeUnchecked(definitions(aBrokerEnvironment()), { outdir: join(folder, 'out'), brokerCode });
    return readStack(JSON.parse(readFileSync(join(stack?.directory ?? '', 'cdk.tf.json'), 'utf8')), '123456789012');
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
