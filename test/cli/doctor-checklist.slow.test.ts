/** The checklist before production: what a diagnosis ticks, what a person is asked, and what stays open. */
import { checkedBoxes, checklist, type Diagnosis, verificationsIn } from '@leasehold/doctor';
import { paint } from '../../lib/cli/colour';
import { goThroughChecklist } from '../../lib/cli/doctor-checklist';
import type { Shell } from '../../lib/cli/shell';
import { examined, fullEnvironment, refuse } from '../doctor/support/account';
import { anEnvironment } from '../support/environment';

const environment = fullEnvironment();
const ALL = checklist.flatMap(({ boxes }) => boxes);

/** A shell whose person answers so; `undefined` ends the input. */
function aShell(answers: (question: string) => string | undefined, isTerminal = true) {
  let asked = '';
  const questions: string[] = [];
  const host = {
    err: (text: string) => {
      asked = text;
    },
    errColumns: isTerminal ? 80 : undefined,
    keyboard: {
      isTerminal,
      secret: async () => undefined,
      line: async () => {
        questions.push(asked);
        return answers(asked);
      },
    },
  };
  return { shell: { host, out: paint(false) } as unknown as Shell, questions };
}

const ticked = (markdown: string) => [...markdown.matchAll(/^- \[x\] (.*)$/gm)].map(([, text]) => text);
const open = (markdown: string) => [...markdown.matchAll(/^- \[ \] (.*)$/gm)].map(([, text]) => text);

let healthy: Diagnosis;
beforeAll(async () => {
  healthy = await examined(environment);
});

it('ticks every box of an undamaged account whose verifications ran, and asks about the others', () => {
  const boxes = checkedBoxes(healthy);
  expect(boxes.map(({ text }) => text)).toEqual(ALL);
  for (const { text, state } of boxes) {
    const ids = verificationsIn(text);
    expect([text, state]).toEqual([text, ids.length > 0 && !ids[0]?.startsWith('here-') ? 'done' : 'asked']);
  }
});

it.each([
  ['is damaged', { 'iam:ListMFADevices': () => ({ MFADevices: [] }) }, {}, 'mfa-missing'],
  ['could not be read', { 'iam:GetAccountSummary': refuse('AccessDeniedException', 403) }, {}, 'quotas'],
  ['was skipped', {}, { skip: ['access-analyzer'] }, 'access-analyzer'],
])('leaves the box of a verification open that %s', async (_, answers, options, id) => {
  const boxes = checkedBoxes(await examined(environment, answers, options));
  const left = boxes.filter(({ state }) => state === 'open').map(({ text }) => text);
  expect(left.length).toBe(1);
  expect(verificationsIn(left[0] ?? '')).toContain(id);
});

it('leaves out what an environment without a broker does not have', async () => {
  const sections = checkedBoxes(await examined(anEnvironment())).map(({ section }) => section);
  expect([...new Set(sections)]).toEqual(checklist.map(({ title }) => title).filter((title) => title !== 'Broker'));
});

it('is complete when a person confirms everything else', async () => {
  const { shell, questions } = aShell(() => 'yes');
  const { markdown, complete } = await goThroughChecklist(healthy, shell);
  expect([complete, open(markdown), ticked(markdown)]).toEqual([true, [], ALL]);
  expect(questions.length).toBe(checkedBoxes(healthy).filter(({ state }) => state === 'asked').length);
  expect(questions.join('\n')).not.toMatch(/`|\]\(/);
});

it.each(['', 'no', 'y', 'yes, mostly', 'YES!'])('leaves a box open when the person types %j', async (answer) => {
  const { shell } = aShell((question) => (question.includes('at night') ? answer : ' Yes '));
  const { markdown, complete } = await goThroughChecklist(healthy, shell);
  expect([complete, open(markdown)]).toEqual([false, ['Somebody knows what to do when an alert arrives at night.']]);
});

it.each([
  ['the input ends', true],
  ['there is no terminal', false],
])('leaves the boxes open when %s', async (_, isTerminal) => {
  const { shell, questions } = aShell(() => undefined, isTerminal);
  const { markdown, complete } = await goThroughChecklist(healthy, shell);
  expect([complete, questions.length]).toEqual([false, isTerminal ? 1 : 0]);
  expect(open(markdown)).toEqual(checkedBoxes(healthy).flatMap(({ state, text }) => (state === 'asked' ? [text] : [])));
});
