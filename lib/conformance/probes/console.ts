/**
 * Probes about the console's federation endpoint, for which there is no SDK client:
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_providers_enable-console-custom-url.html
 */
import type { HeldKeys } from '../aws/secrets';
import type { Bench } from '../bench';
import { Inconclusive } from '../inconclusive';
import { holds, notDecided, type ProbeResult, type RunnableProbe, violated } from '../probe';

/** Requests a sign-in token and discards it. The credentials are sent in the request body, not in the URL. */
async function signIn(bench: Bench, keys: HeldKeys, what: string): Promise<ProbeResult> {
  const { federation, signal, secrets } = bench.lab;
  if (federation === undefined) throw new Inconclusive('Calls do not go to AWS.', 'not run');
  const { accessKeyId, secretAccessKey, sessionToken } = keys.reveal();
  const session = { sessionId: accessKeyId, sessionKey: secretAccessKey, sessionToken };
  const body = new URLSearchParams({ Action: 'getSigninToken', Session: JSON.stringify(session) });
  const facts = { call: 'signin:getSigninToken', what, region: bench.region };
  let response: Response;
  try {
    response = await federation.fetch(federation.url, {
      method: 'POST',
      body,
      redirect: 'error',
      signal: AbortSignal.any([signal, AbortSignal.timeout(20_000)]),
    });
  } catch (error) {
    if (signal.aborted) throw error;
    bench.note({ ...facts, outcome: 'no answer' });
    return notDecided('The federation endpoint gave no answer.');
  }
  const text = await response.text();
  const token = response.ok ? /"SigninToken"\s*:\s*"([^"]+)"/.exec(text)?.[1] : undefined;
  secrets.add(token);
  const requestId = response.headers.get('x-amzn-requestid') ?? undefined;
  const outcome = token === undefined ? ('refused' as const) : ('allowed' as const);
  bench.note({ ...facts, outcome, code: `HTTP${response.status}`, ...(requestId === undefined ? {} : { requestId }) });
  if (token !== undefined) return holds('The endpoint returns a sign-in token.');
  return REFUSALS.has(response.status)
    ? violated(`The endpoint refuses the credentials (HTTP ${response.status}).`)
    : notDecided(`The endpoint responded with HTTP ${response.status}.`);
}

/**
 * Status codes which mean that the credentials were refused. Other codes, such as 404 or 429, indicate a problem with
 * the request or the endpoint.
 */
const REFUSALS: ReadonlySet<number> = new Set([400, 401, 403]);

export const consoleChained: RunnableProbe = {
  id: 'console-chained',
  topic: 'console',
  assumption:
    'The console’s federation endpoint accepts credentials of a chained session if the request contains no duration',
  tried:
    'A lease is opened with the role of the broker, and the credentials of the lease are sent to the endpoint in the body of a POST. The sign-in token in the response is discarded.',
  consequence: 'People cannot get a console sign-in address for their leases.',
  change: 'Use the leases on the command line.',
  needs: ['console'],
  run: async (bench) => {
    const keys = bench.keysOf(await bench.eventually(() => bench.openAsBroker('lease', 'a lease')));
    return signIn(bench, keys, 'credentials of a chained session');
  },
};

export const consoleScoped: RunnableProbe = {
  id: 'console-scoped',
  topic: 'console',
  assumption: 'The console’s federation endpoint accepts credentials of GetScopedCredentials',
  tried:
    'Scoped credentials that are valid for ten minutes are obtained from a lease, and sent to the sign-in endpoint of the console. The sign-in token in the response is discarded.',
  consequence: 'People cannot get a console sign-in address for leases of less than 900 seconds.',
  change: 'Set `lease.max` of roles that people use in the console to at least 15m.',
  needs: ['console'],
  run: async (bench) => {
    const lease = bench.keysOf(await bench.eventually(() => bench.openAsBroker('lease', 'a lease')));
    const scoped = await bench.eventually(() =>
      bench.scope({ DurationSeconds: 600 }, 'scoped down to ten minutes', lease),
    );
    return signIn(bench, bench.keysOf(scoped), 'scoped credentials');
  },
};
