/**
 * The people of the bank as users of the user pool that the bank's stack deploys. The pool sends each new user an
 * invitation by e-mail, so that no password is printed or stored.
 *
 *   node examples/bank/assistant/users.mjs seed dev --pool eu-central-1_AbCdEfGhI --domain example.com
 *   node examples/bank/assistant/users.mjs teardown dev --pool eu-central-1_AbCdEfGhI          # only says what it would delete
 *   node examples/bank/assistant/users.mjs teardown dev --pool eu-central-1_AbCdEfGhI --yes
 */
import { readdirSync, readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import {
  AdminAddUserToGroupCommand,
  AdminCreateUserCommand,
  AdminDeleteUserCommand,
  AdminGetUserCommand,
  CognitoIdentityProviderClient,
  DescribeUserPoolCommand,
} from '@aws-sdk/client-cognito-identity-provider';
import { parse } from 'yaml';
import { openBank, Refusal, run, say } from '../bank.mjs';

const ROLES = new URL('../roles/', import.meta.url);
const read = (file) => parse(readFileSync(new URL(file, ROLES), 'utf8'));

/** The attribute that marks the users of this example. */
const MARK = { Name: 'profile', Value: 'https://leasehold.dev/examples/bank' };

await run(async () => {
  const { command, environment, pool, domain, yes } = wanted();
  await openBank(environment); // refuses credentials of another account
  const { name, environments } = read('project.yaml');
  const client = new CognitoIdentityProviderClient({ region: environments[environment].region });
  const { UserPool } = await client.send(new DescribeUserPoolCommand({ UserPoolId: pool }));
  if (UserPool.UserPoolTags?.['leasehold:stack'] !== `${name}-${environment}`) {
    throw new Refusal(`${pool} is not the user pool of the stack ${name}-${environment}`);
  }
  for (const { user, groups } of people()) {
    const found = await existing(client, pool, user);
    if (command === 'teardown') await remove(client, pool, user, found, yes);
    else await create(client, pool, user, groups, found, domain);
  }
  if (command === 'teardown' && !yes) say('Nothing was deleted. Add --yes to delete.');
});

function wanted() {
  const options = { pool: { type: 'string' }, domain: { type: 'string' }, yes: { type: 'boolean' } };
  try {
    const { values, positionals } = parseArgs({ options, allowPositionals: true });
    const [command, environment] = positionals;
    if (command !== 'seed' && command !== 'teardown') throw new Refusal('name a command, seed or teardown');
    if (values.pool === undefined) throw new Refusal('name the user pool with --pool');
    if (command === 'seed' && !/^[a-z0-9.-]+\.[a-z]{2,}$/.test(values.domain ?? '')) {
      throw new Refusal('name a domain of your own with --domain: invitations are sent to <user>@<domain>');
    }
    return { command, environment, pool: values.pool, domain: values.domain, yes: values.yes === true };
  } catch (error) {
    throw error instanceof Refusal ? error : new Refusal(error.message);
  }
}

/** The customers of the seed, in no group; and the staff, in the groups that the definitions give them. */
function people() {
  const seed = JSON.parse(readFileSync(new URL('../seed.json', import.meta.url), 'utf8'));
  const { groups } = read('broker.yaml').people;
  const { approvers } = read('project.yaml');
  const customers = seed['customer-profiles'].map(({ customer }) => ({ user: customer, groups: [] }));
  const staff = readdirSync(new URL('principals/', ROLES))
    .map((file) => read(`principals/${file}`))
    .filter(({ signIn }) => typeof signIn === 'string')
    .map(({ name, signIn, administrator }) => ({
      user: signIn,
      groups: [
        ...groups.requester,
        ...(approvers.includes(name) ? groups.approver : []),
        ...(administrator ? groups.administrator : []),
      ],
    }));
  return [...customers, ...staff];
}

/** `own`: made by this command. `other`: only has the name. */
async function existing(client, UserPoolId, Username) {
  try {
    const { UserAttributes = [] } = await client.send(new AdminGetUserCommand({ UserPoolId, Username }));
    return UserAttributes.some(({ Name, Value }) => Name === MARK.Name && Value === MARK.Value) ? 'own' : 'other';
  } catch (error) {
    if (error.name === 'UserNotFoundException') return 'none';
    throw error;
  }
}

async function create(client, UserPoolId, Username, groups, found, domain) {
  if (found === 'other') throw new Refusal(`the user ${Username} is not one of this example's; nothing more was done`);
  if (found === 'none') {
    const UserAttributes = [
      { Name: 'email', Value: `${Username}@${domain}` },
      { Name: 'email_verified', Value: 'true' },
      MARK,
    ];
    const DesiredDeliveryMediums = ['EMAIL'];
    await client.send(new AdminCreateUserCommand({ UserPoolId, Username, UserAttributes, DesiredDeliveryMediums }));
  }
  for (const GroupName of groups) {
    await client.send(new AdminAddUserToGroupCommand({ UserPoolId, Username, GroupName }));
  }
  say(
    `${Username}: ${found === 'none' ? 'invited' : 'is there'}${groups.length > 0 ? `, in ${groups.join(', ')}` : ''}`,
  );
}

async function remove(client, UserPoolId, Username, found, yes) {
  if (found === 'none') return say(`${Username}: is not there`);
  if (found === 'other') return say(`${Username}: is not one of this example's, and stays`);
  if (yes) await client.send(new AdminDeleteUserCommand({ UserPoolId, Username }));
  say(`${Username}: ${yes ? 'deleted' : 'would be deleted'}`);
}
