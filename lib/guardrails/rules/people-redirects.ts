import { type EnvironmentGuardrail, pageOf } from '../guardrail';

/** Redirect URLs must be exact and trusted, because authorization codes are sent to these URLs. */
export const peopleRedirects: EnvironmentGuardrail = {
  id: 'people-redirects',
  title: 'The sign-in pages redirect only to exact `https` addresses or to the local machine',
  severity: 'error',
  page: pageOf('people-redirects'),
  unwaivable: 'the code of a sign-in would be sent to whoever owns the address',
  over: 'environment',
  *check({ environment }) {
    const { people, locate } = environment.broker ?? {};
    if (people?.signIn.type !== 'cognito' || locate === undefined) return;
    for (const redirect of people.signIn.redirects) {
      const problem = problemOf(redirect);
      if (problem === undefined) continue;
      yield {
        message: `The sign-in pages would return to \`${redirect}\`, which ${problem}.`,
        expected: 'an exact address `https://…`, or `http://localhost:<port>/…` for this machine',
        hint: 'Write the whole address, to the letter.',
        at: locate(['people', 'signIn', 'cognito', 'redirects']),
      };
    }
  },
};

/**
 * The reason why the text is not an acceptable address, as the end of the sentence "an address which …"; undefined for
 * an acceptable address.
 */
function problemOf(text: string): string | undefined {
  if (/[*\\]/.test(text) || !URL.canParse(text)) return 'is not one exact address';
  const { protocol, hostname, port, username, password, href } = new URL(text);
  if (username !== '' || password !== '') return 'contains a user name or a password';
  if (/[?#]/.test(text)) return 'has a query or a fragment';
  if (protocol === 'http:') {
    // The port of a listener on this machine: https://www.rfc-editor.org/rfc/rfc8252#section-7.3
    if (!LOOPBACK.has(hostname)) return 'is not encrypted';
    if (port === '') return 'names no port of this machine';
  } else if (protocol !== 'https:') return 'any application of the device may claim';
  return href === text ? undefined : `is another address than \`${href}\`, which browsers make of it`;
}

const LOOPBACK = new Set(['localhost', '127.0.0.1', '[::1]']);
