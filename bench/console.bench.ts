/**
 * What signatures and the console cost: an approval with a signature beside one without, the verification of an export of
 * 10,000 leases beside its bare signatures, and the first load of the console on a slow machine beside a public console.
 */
import { generateKeyPairSync, randomBytes, sign, verify } from 'node:crypto';
import { namedPeople, verifyExport } from '@leasehold/broker/core';
import type { Browser } from 'playwright-core';
import { decisionOf } from '../lib/broker/consent/decision';
import { fold } from '../lib/broker/lease/fold';
import { aHouse } from '../test/broker/consent/people';
import { personArn } from '../test/broker/http/support';
import { launch } from '../test/e2e/console/browser';
import { startConsole } from '../test/e2e/console/server';
import { type Benchmark, byTurns, clockMs, clockRatio, type Measurement, median, sized } from './benchmark';
import { startPublicConsole } from './public-console';

const TURNS = sized(300, 2);
const WARM_UP = sized(50, 1);
const LEASES = sized(10_000, 10);
const LOADS = sized(11, 1);

/** As Lighthouse throttles a phone: a processor four times as slow, 1.6 Mbit/s and 150 ms. */
const PROCESSOR = 4;
const NETWORK = { offline: false, latency: 150, downloadThroughput: (1.6 * 2 ** 20) / 8, uploadThroughput: 750 * 128 };

export const benchmark: Benchmark = {
  title: 'Signatures and the console',
  run: async () => [...(await approvals()), ...(await audits()), ...(await firstLoads())],
};

type House = ReturnType<typeof aHouse>;

/** An approver's handler call, signed or not. */
async function approvals(): Promise<readonly Measurement[]> {
  const signed = aHouse();
  const bare = aHouse(false);
  const key = await lead(signed);
  const times = await byTurns(
    {
      signed: async () => {
        const { id, grant } = await pending(signed);
        const statement = statementFor(signed, id, grant.hash);
        const consent = await signed.signed('approver', 'lead', key, statement);
        return clockMs(() => approve(signed, id, { hash: grant.hash, consent }));
      },
      bare: async () => {
        const { id, grant } = await pending(bare);
        return clockMs(() => approve(bare, id, { hash: grant.hash }));
      },
    },
    { turns: TURNS, warmUp: WARM_UP },
  );
  return [
    { name: 'an approval in the handler, without a signature', value: median(times.bare), unit: 'ms' },
    { name: 'an approval in the handler, with a signature', value: median(times.signed), unit: 'ms' },
    { name: 'with a signature, beside without', value: clockRatio(times.signed, times.bare), unit: '×', atMost: 16 },
  ];
}

/** A request that waits for approvers, two minutes after the last one: within the budget of requests. */
async function pending({ world, pending: request }: House) {
  world.now += 120;
  return request();
}

async function lead(house: House) {
  const root = await house.enrol('administrator', 'root', { name: 'root' }, true);
  return house.enrol('approver', 'lead', { name: 'root', key: root });
}

function statementFor({ world }: House, lease: string, hash: string) {
  const folded = fold(world.events.get(lease) ?? []);
  return decisionOf(folded, { type: 'approved', by: { name: 'lead' }, hash });
}

async function approve({ call }: House, lease: string, body: object): Promise<void> {
  const answer = await call('approve', { as: personArn('approver', 'lead'), path: { lease }, body });
  if (answer.status !== 200) throw new Error(JSON.stringify(answer.body));
}

/** An auditor verifies an export in which each lease has one signed approval. */
async function audits(): Promise<readonly Measurement[]> {
  const house = aHouse();
  const key = await lead(house);
  const leases = [];
  for (let count = 0; count < LEASES; count += 1) {
    const { id, grant } = await pending(house);
    const consent = await house.signed('approver', 'lead', key, statementFor(house, id, grant.hash));
    await approve(house, id, { hash: grant.hash, consent });
    leases.push({ lease: id, events: house.world.events.get(id) ?? [] });
  }
  const names = [...new Set([...namedPeople(leases.flatMap(({ events }) => events)), 'root'])];
  const people = names.map((person) => ({ person, events: house.store.events.get(person) ?? [] }));
  const text = JSON.stringify({ leases, people });
  const ours = await clockMs(async () => {
    const verified = await verifyExport(JSON.parse(text));
    if (!verified.leases.every(({ valid }) => valid)) throw new Error('an event was changed');
  });
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const message = randomBytes(69);
  const signature = sign('sha256', message, privateKey);
  const floor = await clockMs(() => {
    for (let count = 0; count < LEASES; count += 1) verify('sha256', message, publicKey, signature);
  });
  return [
    { name: `an export of ${LEASES} leases verified`, value: ours / 1000, unit: 's' },
    { name: `${LEASES} bare ES256 signatures verified`, value: floor / 1000, unit: 's' },
    { name: 'the export, beside its bare signatures', value: ours / floor, unit: '×', atMost: 16 },
  ];
}

async function firstLoads(): Promise<readonly Measurement[]> {
  const ours = await startConsole();
  const theirs = await startPublicConsole();
  const browser = await launch();
  try {
    const loads = await byTurns(
      {
        ours: () => firstLoad(browser, ours.url, 'Sign in'),
        theirs: () => firstLoad(browser, theirs.url, theirs.ready),
      },
      { turns: LOADS },
    );
    return [
      {
        name: 'first load of the console until it can be used, throttled',
        value: median(loads.ours) / 1000,
        unit: 's',
      },
      {
        name: 'first load of Verdaccio until it shows its list, throttled',
        value: median(loads.theirs) / 1000,
        unit: 's',
      },
      {
        name: 'the console, beside Verdaccio',
        value: median(loads.ours) / median(loads.theirs),
        unit: '×',
        atMost: 1.5,
      },
    ];
  } finally {
    await browser.close();
    await theirs.stop();
    await ours.stop();
  }
}

/** Milliseconds from the navigation until the page shows a text, with an empty cache. */
async function firstLoad(browser: Browser, url: string, ready: string): Promise<number> {
  const context = await browser.newContext();
  try {
    const page = await context.newPage();
    const devtools = await context.newCDPSession(page);
    await devtools.send('Network.enable');
    await devtools.send('Network.emulateNetworkConditions', NETWORK);
    await devtools.send('Emulation.setCPUThrottlingRate', { rate: PROCESSOR });
    return await clockMs(async () => {
      await page.goto(url);
      await page.getByText(ready).first().waitFor();
    });
  } finally {
    await context.close();
  }
}
