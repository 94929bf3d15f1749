/** What the function reads: everything that it needs to know of the definitions, and nothing else. */

import { ParameterPattern } from '@leasehold/definitions';
import { brokerConfig, manifest, readBrokerConfig, rolePolicy, trust } from '@leasehold/documents';
import * as fc from 'fast-check';
import type { Environment } from '../../../lib/definitions/model';
import { aBroker, aBrokerEnvironment, aBrokeredRole, aPerson } from '../../support/broker-environment';
import { manyRoles } from '../../support/environment';

const environment = aBrokerEnvironment();

it('comes back as it went, without where things stand, where state is kept and who is told by e-mail', () => {
  const alerts = { emails: ['security@example.com'], trail: 'create' } as const;
  const backend = { type: 's3', bucket: 'state', key: 'k', region: 'eu-west-1' } as const;
  const text = brokerConfig({ ...environment, alerts, backend });
  expect(text).not.toMatch(/security@|"state"|locate|backend/);
  expect(plain(readBrokerConfig(text))).toEqual(plain({ ...environment, backend: { type: 'local' } }));
});

it('points nowhere in the YAML, since there is none', () => {
  const read = readBrokerConfig(brokerConfig(environment));
  const places = [read, read.broker, ...read.roles, ...read.agents, ...read.principals].map((part) => part?.locate([]));
  for (const place of places) expect(place).toMatchObject({ file: 'config.json', line: 1 });
});

it('yields the documents and the manifest that the stack deploys', () => {
  const read = readBrokerConfig(brokerConfig(environment));
  expect(manifest(read, 'https://x')).toEqual(manifest(environment, 'https://x'));
  read.roles.forEach((role, index) => {
    const deployed = environment.roles[index];
    if (deployed === undefined) throw new Error('as many roles');
    expect(rolePolicy(role)).toEqual(rolePolicy(deployed));
    expect(trust(role, read)).toEqual(trust(deployed, environment));
  });
});

it('is the same bytes in whatever order keys were written', () => {
  expect(brokerConfig(reversed(environment))).toBe(brokerConfig(environment));
});

it('property: whatever people write, it comes back', () => {
  const word = fc.string({ unit: 'grapheme', maxLength: 30 });
  void fc.assert(
    fc.property(word, word, fc.nat({ max: 5 }), (policy, purpose, count) => {
      const written = aBrokerEnvironment({
        principals: [aPerson({ policy })],
        roles: [aBrokeredRole({ purpose }), ...manyRoles(count)],
        broker: aBroker({ hours: { from: 8, to: 18 } }),
      });
      const text = brokerConfig(written);
      expect(plain(readBrokerConfig(text))).toEqual(plain(written));
      expect(brokerConfig(readBrokerConfig(text))).toBe(text);
    }),
    { numRuns: Number(process.env.LEASEHOLD_PROPERTY_RUNS ?? 100) },
  );
});

it.each([
  ['nothing', ''],
  ['no JSON', '{'],
  ['null', 'null'],
  ['a list', '[]'],
  ['another version', '{"version":2,"environment":{}}'],
  ['no environment', '{"version":1}'],
  ['an environment that is none', '{"version":1,"environment":null}'],
])('of %s is refused, with what to do', (_, text) => {
  expect(() => readBrokerConfig(text)).toThrow(
    'config.json is not a configuration of version 1; run `leasehold synth` and deploy what it writes',
  );
});

/** Without functions, as JSON has none. */
function plain(value: Environment): unknown {
  return JSON.parse(JSON.stringify(value));
}

/** The same with all keys in the opposite order. */
function reversed<T>(value: T): T {
  if (Array.isArray(value)) return value.map(reversed) as T;
  if (value === null || typeof value !== 'object' || value instanceof ParameterPattern) return value;
  const entries = Object.entries(value).reverse();
  return Object.fromEntries(entries.map(([key, item]) => [key, reversed(item)])) as T;
}
