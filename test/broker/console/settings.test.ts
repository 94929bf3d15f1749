/** The variables of the console's function: what could change a header or the page is refused. */
import { consoleSettings } from '@leasehold/contract';
import { CONSOLE_VARIABLES, consoleVariables } from '@leasehold/documents';
import { readSiteSettings } from '../../../lib/broker/console/settings';
import { aPeopleEnvironment, ISSUER, somePeople } from '../../support/people-environment';

const CONSOLE = {
  domain: 'leases.example.com',
  certificateArn: 'arn:aws:acm:ap-northeast-2:123456789012:certificate/1a2b3c4d',
};
const people = somePeople(ISSUER);
const deployed = consoleVariables(aPeopleEnvironment(people, { console: CONSOLE }), people);

it('are what the stack deploys, and the contract accepts the settings', () => {
  const { signIn, ...site } = readSiteSettings(deployed);
  expect(site).toEqual({ base: '', origins: ['https://login.example.com'], host: 'leases.example.com' });
  expect(consoleSettings.parse(signIn)).toEqual({
    issuer: 'https://login.example.com',
    clientId: 'console',
    scope: 'openid leases',
  });
  const atApi = consoleVariables(aPeopleEnvironment(people), people);
  expect(readSiteSettings(atApi)).toMatchObject({ base: '/leasehold-hermes-dev', host: undefined });
});

it('name the assistant, whose origin the page may call', () => {
  const address = 'wss://a1b2c3.execute-api.eu-west-1.amazonaws.com/chat';
  const environment = aPeopleEnvironment(people, { console: { ...CONSOLE, assistant: address } });
  const { origins, signIn } = readSiteSettings(consoleVariables(environment, people));
  expect(origins).toEqual(['https://login.example.com', 'wss://a1b2c3.execute-api.eu-west-1.amazonaws.com']);
  expect(consoleSettings.parse(signIn).assistant).toEqual({ address });
});

it('name the scope that is requested, which can differ from the scope in tokens', () => {
  const entra = somePeople({ ...ISSUER, requestScope: 'api://00001111-aaaa-2222-bbbb-3333cccc4444/leases' });
  const { signIn } = readSiteSettings(consoleVariables(aPeopleEnvironment(entra), entra));
  expect(consoleSettings.parse(signIn).scope).toBe('openid api://00001111-aaaa-2222-bbbb-3333cccc4444/leases');
});

it.each(['aws', 'aws-us-gov', 'aws-cn'] as const)('name the origins of a user pool in %s', (partition) => {
  const pool = somePeople();
  const variables = consoleVariables({ ...aPeopleEnvironment(pool), partition, region: 'xx-north-1' }, pool);
  const user = { [CONSOLE_VARIABLES.issuer]: 'https://cognito.example/pool', [CONSOLE_VARIABLES.clientId]: '1a2b' };
  expect(readSiteSettings({ ...variables, ...user }).origins).toEqual(
    {
      aws: [
        'https://cognito-idp.xx-north-1.amazonaws.com',
        'https://hermes-dev-123456789012.auth.xx-north-1.amazoncognito.com',
      ],
      'aws-us-gov': [
        'https://cognito-idp.xx-north-1.amazonaws.com',
        'https://hermes-dev-123456789012.auth-fips.xx-north-1.amazoncognito.com',
      ],
      'aws-cn': [
        'https://cognito-idp.xx-north-1.amazonaws.com.cn',
        'https://hermes-dev-123456789012.auth.xx-north-1.amazoncognito.com',
      ],
    }[partition],
  );
});

it.each<[keyof typeof CONSOLE_VARIABLES, string]>([
  ['assistant', ''],
  ['assistant', 'ws://localhost:4181'],
  ['assistant', 'wss://*.example.com'],
  ['assistant', 'wss://chat.example.com; script-src *'],
  ['base', ''],
  ['base', 'leasehold-hermes-dev/'],
  ['base', '//evil.example/'],
  ['base', '/"><script>/'],
  ['base', '/x'],
  ['clientId', ''],
  ['host', ''],
  ['host', 'leases.example.com:8443'],
  ['host', 'LEASES.example.com'],
  ['issuer', 'http://login.example.com'],
  ['issuer', ''],
  ['origins', ''],
  ['origins', 'https://login.example.com; script-src *'],
  ['origins', 'https://*.example.com'],
  ['origins', 'https:'],
  ['origins', "'unsafe-inline'"],
  ['origins', 'https://login.example.com\r\nset-cookie: a=b'],
  ['scope', ''],
])('%s must not be %j', (name, value) => {
  expect(() => readSiteSettings({ ...deployed, [CONSOLE_VARIABLES[name]]: value })).toThrow(CONSOLE_VARIABLES[name]);
});

it('must be complete', () => {
  for (const name of ['base', 'clientId', 'issuer', 'origins', 'scope'] as const) {
    const { [CONSOLE_VARIABLES[name]]: _, ...rest } = deployed;
    expect(() => readSiteSettings(rest)).toThrow('deploy the whole stack');
  }
});
