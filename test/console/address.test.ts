/** Addresses of the console, with a stage of the API and without. */
import { addressesOf, isSignedInPage, routedAddress } from '../../console/app/api/address';

it.each([
  ['https://leases.example.com/console/', 'https://leases.example.com'],
  ['https://leases.example.com/console/#/leases/console/', 'https://leases.example.com'],
  [
    'https://abc.execute-api.eu-west-1.amazonaws.com/hermes-dev/console/',
    'https://abc.execute-api.eu-west-1.amazonaws.com/hermes-dev',
  ],
  ['http://localhost:4000/hermes-dev/console/signed-in?code=1&state=/console/', 'http://localhost:4000/hermes-dev'],
])('%s', (page, api) => {
  expect(addressesOf(new URL(page))).toEqual({
    api,
    console: `${api}/console/`,
    signedIn: `${api}/console/signed-in`,
  });
});

it.each([
  ['https://leases.example.com/console/signed-in?code=1', true],
  ['https://leases.example.com/console/', false],
  ['https://leases.example.com/console/#/signed-in', false],
  ['https://leases.example.com/signed-in', false],
])('%s is where the issuer returns to: %s', (page, expected) => {
  expect(isSignedInPage(new URL(page))).toBe(expected);
});

it.each([
  ['https://leases.example.com/console/leases/lh-1', 'https://leases.example.com/console/#/leases/lh-1'],
  ['http://localhost:4000/hermes-dev/console/approvals', 'http://localhost:4000/hermes-dev/console/#/approvals'],
  ['https://leases.example.com/console/', undefined],
  ['https://leases.example.com/console/#/leases/lh-1', undefined],
  ['https://leases.example.com/console/signed-in?code=1', undefined],
  ['https://leases.example.com/console/index.html', undefined],
])('the route of %s', (page, expected) => {
  expect(routedAddress(new URL(page))).toBe(expected);
});
