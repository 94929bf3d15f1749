/** What a reviewer reads if the console moves, or is removed. */
import { reviewPlan } from '../../../lib/review/review-plan';
import { ACCOUNT, aPlan, type EstateSpec } from '../diff/build';

const API = 'https://a1b2c3.execute-api.eu-west-1.amazonaws.com/leasehold-hermes-dev';
const WAS = 'leases.example.com';

const manifest = (broker: object | undefined) => ({
  ...{ version: 1, project: 'hermes', environment: 'dev', account: ACCOUNT, region: 'eu-west-1', partition: 'aws' },
  ...{ roles: {}, ...(broker === undefined ? {} : { broker }) },
});
const at = (host: string) => ({ url: API, console: `https://${host}/console` });
const estate = (domain: string | undefined): EstateSpec => ({
  identities: { deploy: {} },
  ...(domain === undefined ? {} : { watched: { 'aws_apigatewayv2_domain_name.console': { domain_name: domain } } }),
});

const MOVES = `The console moves from ${WAS} to leases.example.net.`;
const REMOVED = `The console at ${WAS} is removed.`;
const WITHOUT_DOMAIN = { url: API, console: `${API}/console` };

it.each<[string, string | undefined, string | undefined, object | undefined, string]>([
  ['it moves', WAS, 'leases.example.net', at('leases.example.net'), MOVES],
  [
    'it has no domain any more',
    WAS,
    undefined,
    WITHOUT_DOMAIN,
    `The console moves from ${WAS} to the address of its API.`,
  ],
  ['nobody signs in any more', WAS, undefined, { url: API }, REMOVED],
  ['there is no broker any more', WAS, undefined, undefined, REMOVED],
  // The output alone shows where the console was.
  ['the output moves', undefined, undefined, at('leases.example.net'), MOVES],
  [
    'the output has no domain any more',
    undefined,
    undefined,
    WITHOUT_DOMAIN,
    `The console moves from ${WAS} to ${new URL(API).host}.`,
  ],
  ['the output has no console any more', undefined, undefined, { url: API }, REMOVED],
  ['the output has no broker any more', undefined, undefined, undefined, REMOVED],
])('%s', async (_, from, to, broker, message) => {
  const manifests = { before: manifest(at(WAS)), after: manifest(broker) };
  const { findings } = await reviewPlan(aPlan(estate(from), estate(to), { manifests }), { today: '2026-11-22' });
  const found = findings.filter(({ id }) => id === 'console-domain-changed');
  expect(found.map((each) => each.message)).toEqual([message]);
});
