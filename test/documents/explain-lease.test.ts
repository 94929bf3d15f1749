import { join } from 'node:path';
import { loadDefinitions } from '@leasehold/definitions';
import { explainLease, type HypotheticalLease, loadRolePowers } from '@leasehold/documents';

const { definitions } = loadDefinitions(join(__dirname, '../../roles'));
const [environment] = definitions?.environments ?? [];
if (definitions === undefined || environment === undefined) throw new Error('the reference project cannot be read');
const role = environment.roles.find(({ name }) => name === 's3-deploy');
const agent = environment.agents[0];
if (role === undefined || agent === undefined) throw new Error('the reference project has no s3-deploy');
const lease: HypotheticalLease = { role, environment, agent, parameters: { release: '1.4.2' }, mfa: true };
const KEY = `arn:aws:s3:::hermes-${environment.name}-deploy/1.4.2/app.js`;

describe('explainLease', () => {
  it('allows what the role is for, and tells who opens it', async () => {
    const explained = await explainLease(lease, { action: 's3:PutObject', resource: KEY });
    expect(explained).toMatchObject({ eligible: true, allowed: true, openedBy: 'agent', works: true });
  });

  it.each([
    ['another action', {}, 's3:DeleteObject', KEY],
    ['another release', { parameters: { release: '1.4.1' } }, 's3:PutObject', KEY],
    ['no parameter', { parameters: {} }, 's3:PutObject', KEY],
    ['no code, which is the default', { mfa: undefined }, 's3:PutObject', KEY],
    ['a resource that the action does not work on', {}, 's3:PutObject', '*'],
    ['an action that AWS does not list', {}, 's3:PutObjects', KEY],
    ['a service that AWS does not list', {}, 'nothing:PutObject', KEY],
  ])('does not allow %s', async (_, changes, action, resource) => {
    const { mfa = undefined, ...rest } = { ...lease, ...changes };
    const asked = { ...rest, ...(mfa === undefined ? {} : { mfa }) } as HypotheticalLease;
    expect((await explainLease(asked, { action, resource })).allowed).toBe(false);
  });

  it('without a request answers only whether the lease opens', async () => {
    expect(await explainLease(lease)).not.toHaveProperty('request');
    expect((await explainLease(lease)).allowed).toBe(true);
    expect((await explainLease({ ...lease, mfa: false })).allowed).toBe(false);
  });
});

it('loadRolePowers lists each action with where it is permitted', async () => {
  const powers = (await loadRolePowers(definitions))(role);
  const put = powers.permitted().find(({ action }) => action.id === 's3:PutObject');
  expect(put).toMatchObject({ access: 'write' });
  expect(put?.on.length).toBeGreaterThan(0);
  expect(powers.unknown).toEqual([]);
});
