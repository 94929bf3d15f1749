/** Which requests to STS the proxy passes on. */
import { mapRequest, type SignedRequest, UnmappedRequest } from '@leasehold/sandbox/requests';
import { SERVICES } from '../../../lib/cli/proxy/services';

const FORM = 'application/x-www-form-urlencoded; charset=utf-8';
const CALL = 'Action=GetCallerIdentity&Version=2011-06-15';

const GOOD: SignedRequest = {
  service: 'sts',
  region: 'eu-west-1',
  account: '123456789012',
  partition: 'aws',
  protocol: 'query',
  method: 'POST',
  host: '127.0.0.1',
  path: '/',
  query: [],
  headers: { 'content-type': FORM },
  body: Buffer.from(CALL),
};

const mapped = (changes: Partial<SignedRequest>) => {
  const sts = SERVICES.get('sts');
  if (sts === undefined) throw new Error('there is no table for STS');
  return mapRequest(sts, { ...GOOD, ...changes });
};

const asQuery = [
  ['Action', 'GetCallerIdentity'],
  ['Version', '2011-06-15'],
] as const;

it.each<[string, Partial<SignedRequest>]>([
  ['POST', {}],
  ['GET, as in a signed link', { method: 'GET', headers: {}, body: Buffer.alloc(0), query: asQuery }],
])('GetCallerIdentity by %s is passed on', (_, changes) => {
  expect(mapped(changes)).toEqual({
    operation: 'GetCallerIdentity',
    needs: [{ action: 'sts:GetCallerIdentity', resource: '*', context: {} }],
    parameters: {},
  });
});

it.each<[string, Partial<SignedRequest>]>([
  ['of another path', { path: '/service/AWSSecurityTokenServiceV20110615/operation/GetSessionToken' }],
  ['of a path below the root', { path: '/x' }],
  ['by PUT', { method: 'PUT' }],
  ['by DELETE', { method: 'DELETE' }],
  ['by GET with a body', { method: 'GET' }],
  [
    'with another target',
    { headers: { 'content-type': FORM, 'x-amz-target': 'AWSSecurityTokenServiceV20110615.GetSessionToken' } },
  ],
  ['in another protocol', { headers: { 'content-type': FORM, 'smithy-protocol': 'rpc-v2-cbor' } }],
  ['with another method in a header', { headers: { 'content-type': FORM, 'x-http-method-override': 'PUT' } }],
  [
    'with another path in a header',
    { headers: { 'content-type': FORM, 'x-original-url': '/?Action=GetSessionToken' } },
  ],
  ['with another content encoding', { headers: { 'content-type': FORM, 'content-encoding': 'br' } }],
  ['to the host of another service', { host: 's3.eu-west-1.amazonaws.com' }],
  ['to a region of another partition', { region: 'cn-north-1' }],
  ['of another version', { body: Buffer.from('Action=GetCallerIdentity&Version=2099-01-01') }],
  ['without a version', { body: Buffer.from('Action=GetCallerIdentity') }],
  ['with two actions', { query: [['Action', 'GetSessionToken']] }],
  ['with two actions in its body', { body: Buffer.from(`${CALL}&Action=GetSessionToken`) }],
  ['for another service', { service: 's3' }],
  ...['GetSessionToken', 'AssumeRole', 'GetFederationToken', 'getCallerIdentity', 'constructor', ''].map(
    (action): [string, Partial<SignedRequest>] => [
      `with the action ${action}`,
      { body: Buffer.from(`Action=${action}&Version=2011-06-15`) },
    ],
  ),
])('a request %s is refused', (_, changes) => {
  expect(() => mapped(changes)).toThrow(UnmappedRequest);
});
