/** The addresses to which an issuer may return. */
import { isLoopbackRedirect } from '@leasehold/serve/login';

it.each([
  ['http://localhost:8976/signed-in', true],
  ['http://127.0.0.1:1/callback', true],
  ['http://[::1]:1/callback', false],
  ['http://[::ffff:127.0.0.1]:1/callback', false],
  ['http://127.0.0.2:1/callback', false],
  ['http://127.1:1/callback', true],
  ['http://0.0.0.0:1/callback', false],
  ['http://app.localhost:1/callback', false],
  ['https://localhost:1/x', false],
  ['http://example.com:1/x', false],
  ['http://localhost.example.com:1/x', false],
  ['http://localhost/x', false],
  ['http://localhost:1/x?y', false],
  ['http://localhost:1/x#y', false],
  ['http://me@localhost:1/x', false],
  ['x', false],
])('%s: %s', (redirect, allowed) => {
  expect(isLoopbackRedirect(redirect)).toBe(allowed);
});
