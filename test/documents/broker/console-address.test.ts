/** The console's address in the manifest. */
import { manifest } from '@leasehold/documents';
import { aBroker, aBrokerEnvironment } from '../../support/broker-environment';
import { aPeopleEnvironment, somePeople } from '../../support/people-environment';

const URL = 'https://a1b2c3.execute-api.eu-west-1.amazonaws.com/leasehold-hermes-dev';
const DOMAIN = {
  domain: 'leases.example.com',
  certificateArn: 'arn:aws:acm:eu-west-1:123456789012:certificate/12345678-1234-1234-1234-123456789012',
};

it.each([
  ['the address of the API', aPeopleEnvironment(), undefined, `${URL}/console`],
  [
    'its own domain',
    aPeopleEnvironment(somePeople(), { console: DOMAIN }),
    undefined,
    'https://leases.example.com/console',
  ],
  ['a local address', aPeopleEnvironment(), 'http://localhost:1/x/console', 'http://localhost:1/x/console'],
  ['nothing, if nobody signs in', aBrokerEnvironment(), undefined, undefined],
  [
    'nothing, if only a domain is there',
    aBrokerEnvironment({ broker: aBroker({ console: DOMAIN }) }),
    undefined,
    undefined,
  ],
])('is %s', (_, environment, local, expected) => {
  expect(manifest(environment, URL, local).broker?.console).toBe(expected);
});
