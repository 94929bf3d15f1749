/** Pages, throttling, and an account with 5,000 roles: the number of calls, never their time. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Aws } from '../../lib/doctor/aws/aws';
import { Gate } from '../../lib/doctor/aws/gate';
import { anEnvironment, manyRoles } from '../support/environment';
import { examined, healthyAnswers } from './support/account';
import { crowdedAccount, PAGE } from './support/crowded';

const ROLES = 5000;
/** An account with thousands of roles of other people, and hundreds of the project. */
function crowded() {
  const environment = anEnvironment({ roles: manyRoles(200) });
  return { environment, answers: crowdedAccount(environment, ROLES) };
}

it('reads 5,000 roles with a few calls', async () => {
  const { environment, answers } = crowded();
  const sent: string[] = [];
  const { verified } = await examined(environment, answers, { sent: (call) => sent.push(call) });
  expect(verified.filter(({ result }) => result !== 'ok')).toEqual([]);
  expect(sent.filter((call) => call === 'iam:GetAccountAuthorizationDetails')).toHaveLength(ROLES / PAGE);
  expect(sent.filter((call) => call === 'iam:ListRoles')).toHaveLength(ROLES / PAGE);
  // At ten calls a second, which every service of AWS accepts, this is far below two minutes.
  expect(sent.length).toBeLessThan(120);
});

it('finds one trust policy among 5,000 on the last page', async () => {
  const { environment, answers } = crowded();
  const { verified } = await examined(environment, {
    ...answers,
    'iam:GetAccountAuthorizationDetails': (input) => {
      const answer = answers['iam:GetAccountAuthorizationDetails']?.(input, environment.region) as {
        RoleDetailList: { RoleName: string; AssumeRolePolicyDocument: string }[];
      };
      const last = answer.RoleDetailList.find(({ RoleName }) => RoleName === 'other-4700');
      if (last)
        last.AssumeRolePolicyDocument = encodeURIComponent(
          '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"AWS":"*"},"Action":"sts:*"}]}',
        );
      return answer;
    },
  });
  expect(verified.filter(({ result }) => result !== 'ok').map(({ id }) => id)).toEqual(['agent-reach']);
});

it('gives up pages that never end', async () => {
  const { verified } = await examined(anEnvironment(), {
    'iam:ListRoles': () => ({ Roles: [], IsTruncated: true, Marker: 'again' }),
  });
  const [found] = verified.filter(({ id }) => id === 'role-session-length');
  expect(found).toMatchObject({ result: 'not checked' });
  expect(found?.unchecked[0]?.why).toMatch(/never end/);
});

it('never has more calls open than it may', async () => {
  const gate = new Gate(3);
  let open = 0;
  let most = 0;
  const done = await Promise.all(
    Array.from({ length: 50 }, (_, index) =>
      gate.through(async () => {
        open += 1;
        most = Math.max(most, open);
        await new Promise((resolve) => setImmediate(resolve));
        open -= 1;
        return index;
      }),
    ),
  );
  expect(most).toBe(3);
  expect(done).toEqual(Array.from({ length: 50 }, (_, index) => index));
  await expect(gate.through(() => Promise.reject(new Error('x')))).rejects.toThrow('x');
  expect(await gate.through(async () => 'still open')).toBe('still open');
});

it('counts the calls of a run at the same time', async () => {
  const answers = healthyAnswers(anEnvironment());
  let open = 0;
  let most = 0;
  const slow = Object.fromEntries(
    Object.entries(answers).map(([call, answer]) => [
      call,
      async (input: Readonly<Record<string, unknown>>, region: string) => {
        open += 1;
        most = Math.max(most, open);
        await new Promise((resolve) => setImmediate(resolve));
        open -= 1;
        return answer(input, region);
      },
    ]),
  );
  await examined(anEnvironment(), slow, { parallel: 4 });
  expect(most).toBe(4);
});

it('tries again when AWS throttles, and then gives up', async () => {
  let left = 2;
  const server = createServer((_, response) => {
    const throttled = left > 0;
    left -= 1;
    response.writeHead(throttled ? 400 : 200, { 'content-type': 'text/xml' });
    response.end(
      throttled
        ? '<ErrorResponse><Error><Type>Sender</Type><Code>Throttling</Code><Message>Rate exceeded</Message></Error></ErrorResponse>'
        : '<GetAccountSummaryResponse><GetAccountSummaryResult><SummaryMap><entry><key>Roles</key><value>7</value></entry></SummaryMap></GetAccountSummaryResult></GetAccountSummaryResponse>',
    );
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const configure = () => ({ endpoint, credentials: { accessKeyId: 'a', secretAccessKey: 'b' } });
  try {
    const patient = new Aws({ region: 'us-east-1', attempts: 4, configure });
    expect((await patient.call('iam', 'GetAccountSummary', {})).SummaryMap).toEqual({ Roles: 7 });
    left = 100;
    const impatient = new Aws({ region: 'us-east-1', attempts: 1, configure });
    await expect(impatient.call('iam', 'GetAccountSummary', {})).rejects.toMatchObject({ code: 'throttled' });
  } finally {
    server.closeAllConnections();
    server.close();
  }
});
