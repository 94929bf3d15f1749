/** The headers with which the console's files are served. */
import { consoleHeaders } from '../../lib/contract/console-headers';

const ISSUER = 'https://issuer.example.com';

function policyOf(origins: readonly string[]): ReadonlyMap<string, string> {
  const policy = consoleHeaders('index.html', origins)['content-security-policy'] ?? '';
  return new Map(
    policy.split('; ').map((directive) => {
      const [name = '', ...sources] = directive.split(' ');
      return [name, sources.join(' ')];
    }),
  );
}

it('loads files of the console only, and calls the broker and the issuer', () => {
  const policy = policyOf([ISSUER]);
  const { 'connect-src': connect, ...others } = Object.fromEntries(policy);
  expect(connect).toBe(`'self' ${ISSUER}`);
  // Neither inline code nor `data:` addresses.
  expect(Object.values(others).filter((sources) => !["'self'", "'none'"].includes(sources))).toEqual([]);
  expect(others).toMatchObject({ 'default-src': "'none'", 'frame-ancestors': "'none'", 'form-action': "'none'" });
});

it('is the same for each file, except for the type and the cache', () => {
  const [page, script] = ['index.html', 'assets/index-3f0c.js'].map((path) => consoleHeaders(path, [ISSUER]));
  expect(page).toMatchObject({ 'content-type': 'text/html; charset=utf-8', 'cache-control': 'no-store' });
  expect(script).toMatchObject({ 'content-type': 'text/javascript; charset=utf-8' });
  expect({ ...page, 'content-type': '', 'cache-control': '' }).toEqual({
    ...script,
    'content-type': '',
    'cache-control': '',
  });
});
