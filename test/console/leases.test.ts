/** The list of leases: its filters in the address, the lists that it reads, the link to CloudTrail, and the export. */
import type { LeaseList, LeaseView, RoleView } from '@leasehold/contract';
import { auditExport } from '@leasehold/contract/consent';
import type { Operation } from '@leasehold/contract/routes';
import { BrokerProblem } from '@leasehold/runtime';
import type { Broker } from '../../console/app/api/client';
import { BrokerRefusal } from '../../console/app/api/errors';
import { exportLease } from '../../console/app/leases/export-lease';
import { readFilters } from '../../console/app/leases/lease-filters';
import { searchLeases } from '../../console/app/leases/lease-search';
import { trailLink } from '../../console/app/leases/trail-link';
import { consentStatement, exportText, fold } from '../../lib/broker/core';
import { fetchAudit } from '../../lib/cli/broker/audit-export';
import type { OpenBroker } from '../../lib/cli/broker/open';
import { Authenticator } from '../broker/consent/authenticator';
import { aHouse } from '../broker/consent/people';
import { personArn } from '../broker/http/support';

describe('filters', () => {
  it.each<[string, Record<string, unknown>, object]>([
    ['nothing', {}, {}],
    [
      'everything',
      { role: 's3-deploy', requester: 'alice', state: 'denied', days: 7 },
      { role: 's3-deploy', requester: 'alice', state: 'denied', days: 7 },
    ],
    ['a name that looks like a number', { requester: 42 }, { requester: '42' }],
    ['days as a text', { days: '31' }, { days: 31 }],
    ['the default', { days: 1 }, {}],
    ['other days', { days: 365 }, {}],
    ['no state', { state: 'gone' }, {}],
    ['no role', { role: '../x' }, {}],
    ['an object', { role: { a: 1 }, requester: ['x'] }, {}],
    ['a long name', { requester: 'x'.repeat(65) }, {}],
    ['something else', { next: 'x' }, {}],
  ])('reads %s from an address', (_, search, filters) => {
    expect(readFilters(search)).toEqual(filters);
  });
});

const PROBLEM = {
  type: 'urn:x',
  title: 'x',
  status: 404,
  code: 'not-found',
  detail: 'x',
  hint: 'x',
  retryable: false,
} as const;

function view(id: string, overrides: Partial<LeaseView> = {}): LeaseView {
  return {
    id,
    state: 'issued',
    environment: 'dev',
    requester: 'agent',
    requestedAt: 1,
    changedAt: 1,
    sequence: 1,
    collected: true,
    ...overrides,
  };
}

/** A broker with lists of leases. Each page has one lease. */
function listing(lists: Readonly<Record<string, readonly LeaseView[]>>) {
  const asked: Record<string, string>[] = [];
  const broker = (async (_: Operation, { query = {} }: { query?: Record<string, string> }): Promise<LeaseList> => {
    asked.push(query);
    const leases = lists[query.requester === undefined ? (query.role ?? 'own') : `of ${query.requester}`];
    if (leases === undefined) throw new BrokerRefusal({ ...PROBLEM });
    const at = Number(query.next ?? 0);
    return {
      leases: leases.slice(at, at + 1),
      broken: at === 0 ? ['lh-broken'] : [],
      ...(at + 1 < leases.length ? { next: String(at + 1) } : {}),
    };
  }) as unknown as Broker;
  return { broker, asked };
}

const role = (name: string, agents: readonly string[] = []) =>
  ({ name, reach: { agents: [...agents], groups: [], mfaAgents: [], approvers: [] } }) as unknown as RoleView;
const grant = (name: string) => ({ role: name }) as LeaseView['grant'];

describe('searching', () => {
  const ROLES = [role('a', ['worker']), role('b')];
  const LISTS = {
    a: [
      view('lh-1', { grant: grant('a'), requestedAt: 10 }),
      view('lh-2', { grant: grant('a'), requestedAt: 20, state: 'denied' }),
    ],
    b: [view('lh-3', { grant: grant('b'), requestedAt: 15, requester: 'kim@example.com' })],
    'of worker': [
      view('lh-4', { state: 'denied', code: 'not-eligible', requestedAt: 30, requester: 'worker' }),
      view('lh-1', { grant: grant('a'), requestedAt: 10 }),
    ],
    own: [view('lh-5')],
  };

  it.each<[string, object, readonly string[]]>([
    ['everybody’s, newest first, each once', {}, ['lh-4', 'lh-2', 'lh-3', 'lh-1']],
    ['of a role', { role: 'a' }, ['lh-2', 'lh-1']],
    ['in a state', { state: 'denied' }, ['lh-4', 'lh-2']],
    ['of an agent, also those without a role', { requester: 'worker' }, ['lh-4']],
    ['of a person whom the definitions do not name', { requester: 'kim@example.com' }, ['lh-3']],
    ['of a role and a requester', { role: 'b', requester: 'kim@example.com' }, ['lh-3']],
  ])('%s', async (_, filters, ids) => {
    const { broker } = listing(LISTS);
    const found = await searchLeases(broker, 'approver', filters, ROLES);
    expect(found.leases.map(({ id }) => id)).toEqual(ids);
    expect([found.broken, found.more]).toEqual([['lh-broken'], false]);
  });

  it('reads one’s own as a requester, with as many days as are asked for', async () => {
    const { broker, asked } = listing(LISTS);
    const found = await searchLeases(broker, 'requester', { days: 7 }, ROLES);
    expect(found.leases.map(({ id }) => id)).toEqual(['lh-5']);
    expect(asked).toEqual([{ days: '7' }]);
  });

  it('ends after some pages, and tells that there are more', async () => {
    const { broker, asked } = listing({
      a: Array.from({ length: 50 }, (_, index) => view(`lh-${index}`, { grant: grant('a') })),
    });
    const found = await searchLeases(broker, 'approver', { role: 'a' }, ROLES);
    expect([found.more, found.leases.length, asked.length]).toEqual([true, 8, 8]);
  });

  it('fails if a list cannot be read', async () => {
    const { broker } = listing({ b: [] });
    await expect(searchLeases(broker, 'approver', {}, ROLES)).rejects.toThrow(BrokerRefusal);
  });
});

describe('the link to CloudTrail', () => {
  const lease = (roleArn: string, resources: readonly string[] = [], issued?: { at: number; until: number }) =>
    trailLink({
      id: 'lh-01jd3m8q4v',
      ...(issued === undefined ? {} : { issued }),
      proposal: { grant: { roleArn, policy: { Statement: { Resource: resources } } } },
    } as unknown as Parameters<typeof trailLink>[0]);
  const ISSUED = { at: 1_700_000_000, until: 1_700_000_900 };
  const QUERY = 'Username=lh-01jd3m8q4v&StartTime=2023-11-14T22%3A08%3A20.000Z&EndTime=2023-11-14T22%3A33%3A20.000Z';
  const ROLE = 'arn:aws:iam::123456789012:role/leasehold/x';

  it.each<[string, ReturnType<typeof lease>, string | undefined]>([
    [
      'without a region',
      lease(ROLE, ['arn:aws:s3:::x'], ISSUED),
      `https://console.aws.amazon.com/cloudtrailv2/home#/events?${QUERY}`,
    ],
    [
      'with the region of the resources',
      lease(ROLE, ['arn:aws:s3:::x', 'arn:aws:logs:eu-central-1:123456789012:log-group:x'], ISSUED),
      `https://eu-central-1.console.aws.amazon.com/cloudtrailv2/home?region=eu-central-1#/events?${QUERY}`,
    ],
    [
      'with several regions',
      lease(ROLE, ['arn:aws:logs:eu-west-1:1:x', 'arn:aws:logs:eu-central-1:1:x'], ISSUED),
      `https://console.aws.amazon.com/cloudtrailv2/home#/events?${QUERY}`,
    ],
    [
      'with a region that leads elsewhere',
      lease(ROLE, ['arn:aws:logs:evil.example/?x=:1:x'], ISSUED),
      `https://console.aws.amazon.com/cloudtrailv2/home#/events?${QUERY}`,
    ],
    [
      'in China',
      lease('arn:aws-cn:iam::123456789012:role/x', ['arn:aws-cn:sqs:cn-north-1:1:x'], ISSUED),
      `https://cn-north-1.console.amazonaws.cn/cloudtrailv2/home?region=cn-north-1#/events?${QUERY}`,
    ],
    [
      'in GovCloud',
      lease('arn:aws-us-gov:iam::123456789012:role/x', ['arn:aws-us-gov:sqs:us-gov-west-1:1:x'], ISSUED),
      `https://us-gov-west-1.console.amazonaws-us-gov.com/cloudtrailv2/home?region=us-gov-west-1#/events?${QUERY}`,
    ],
    ['in another partition', lease('arn:aws-iso:iam::123456789012:role/x', [], ISSUED), undefined],
    ['of a lease that was never issued', lease(ROLE), undefined],
  ])('%s', (_, link, href) => {
    expect(link?.href).toBe(href);
  });
});

describe('the export', () => {
  /** A lease that two people have approved with passkeys, and that was collected. */
  async function approved() {
    const house = aHouse();
    const keys = {
      root: new Authenticator('ES256'),
      lead: new Authenticator('ES256'),
      oncall: new Authenticator('ES256'),
    };
    await house.enrol('administrator', 'root', { name: 'root' }, true, keys.root);
    await house.enrol('approver', 'lead', { name: 'root', key: keys.root }, false, keys.lead);
    await house.enrol('approver', 'oncall', { name: 'root', key: keys.root }, false, keys.oncall);
    const { id, grant: proposed } = await house.pending();
    for (const name of ['lead', 'oncall'] as const) {
      const lease = fold(house.world.events.get(id) ?? []);
      const consent = await house.signed('approver', name, keys[name], consentStatement(lease, 'approve', name));
      const body = { hash: proposed.hash, consent };
      await house.call('approve', { as: personArn('approver', name), path: { lease: id }, body });
    }
    const { body: collected } = await house.call('collect', { path: { lease: id } });
    return { ...house, id, secrets: Object.values(collected.credentials).filter((each) => typeof each === 'string') };
  }

  it('has the bytes of `leasehold audit --export`, and no credentials', async () => {
    const house = await approved();
    const answer = async (operation: Operation, path: Record<string, string>) => {
      const { status, body } = await house.call(operation, { as: personArn('approver', 'lead'), path });
      return { status, body };
    };
    const broker = (async (operation: Operation, { path = {} }: { path?: Record<string, string> }) => {
      const { status, body } = await answer(operation, path);
      if (status !== 200) throw new BrokerRefusal(body);
      return body;
    }) as unknown as Broker;
    const call = async (operation: Operation, path: Record<string, string>) => {
      const { status, body } = await answer(operation, path);
      if (status !== 200) throw new BrokerProblem(body);
      return body;
    };
    const client = {
      events: (lease: string) => call('events', { lease }),
      keys: (principal: string) => call('keys', { principal }),
    };
    const text = await exportLease(broker, 'approver', house.id);
    const { unread: _, ...audit } = await fetchAudit(
      { client } as unknown as OpenBroker,
      { id: house.id },
      new AbortController().signal,
    );
    expect(text).toBe(exportText(audit));
    expect(auditExport.parse(JSON.parse(text)).people.map(({ person }) => person)).toEqual(['lead', 'oncall', 'root']);
    expect(house.secrets.length).toBeGreaterThan(0);
    expect(house.secrets.filter((secret) => text.includes(String(secret)))).toEqual([]);
  });

  it('is refused for a record that was changed, and for a signature that is not valid', async () => {
    const house = await approved();
    const tampered = (change: (events: { body: Record<string, unknown> }[]) => unknown, who?: string) =>
      (async (operation: Operation, { path = {} }: { path?: Record<string, string> }) => {
        const { body } = await house.call(operation, { as: personArn('approver', 'lead'), path });
        const mine = operation === 'events' ? who === undefined : path.principal === who;
        if (mine) change(body.events);
        return body;
      }) as unknown as Broker;
    await expect(
      exportLease(
        tampered((events) => events.splice(2, 1)),
        'approver',
        house.id,
      ),
    ).rejects.toThrow('is broken');
    await expect(
      exportLease(
        tampered((events) => events.splice(0), 'lead'),
        'approver',
        house.id,
      ),
    ).rejects.toThrow('not valid');
    await expect(
      exportLease(
        tampered(() => undefined),
        'approver',
        house.id,
      ),
    ).resolves.toContain('leasehold.audit/1');
  });
});
