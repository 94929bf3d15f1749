/** Output of the sandbox on a terminal: lines to paste, and the demo of one lease. */

import { defined } from '@leasehold/contract/defined';
import { onOneLine, shellWord } from '@leasehold/contract/text';
import type { Event, Sandbox } from '@leasehold/sandbox';
import type { Scene } from '@leasehold/sandbox/demo';
import type { Paint } from '../colour';
import { wrap } from './text';

/**
 * Shell lines that configure any AWS client to call the sandbox as the agent. If a manifest is given, the lines also
 * set the manifest's path for the commands that lease roles.
 */
export function exportLines(sandbox: Sandbox, manifest?: string): string {
  return Object.entries({ ...sandbox.env, ...defined({ LEASEHOLD_MANIFEST: manifest }) })
    .map(([name, value]) => `export ${name}=${shellWord(value)}\n`)
    .join('');
}

/** One scene of the demo. */
export function renderScene(scene: Scene, number: number, paint: Paint, columns = DEFAULT_COLUMNS): string {
  const { title, call, allowed, outcome, sentence, moral } = scene;
  const verdict = allowed ? paint('green', `✓ ${outcome}`) : paint('red', `✗ ${outcome}`);
  return [
    `${paint('bold', `${number}. ${title}`)}`,
    `   ${paint('cyan', call)}`,
    `   ${verdict}`,
    ...(sentence === undefined ? [] : block(sentence.trim(), 5, columns).map((line) => paint('dim', line))),
    ...block(moral, 3, columns),
    '',
    '',
  ].join('\n');
}

/** The lease's event in the format of CloudTrail, with the statements that determined the decision. */
export function renderEvent(event: Event, paint: Paint, columns = DEFAULT_COLUMNS): string {
  const { eventTime, eventName, eventSource, userIdentity, sourceIPAddress, requestParameters, responseElements } =
    event;
  const shown = {
    eventTime,
    eventName,
    eventSource,
    userIdentity: { arn: userIdentity.arn },
    sourceIPAddress,
    requestParameters,
    responseElements,
  };
  const last = event.decisions[0];
  return [
    paint('bold', 'What CloudTrail keeps of the lease:'),
    ...JSON.stringify(shown, null, 2)
      .split('\n')
      .map((line) => `   ${highlight(onOneLine(line), paint)}`),
    ...(last === undefined ? [] : ['', ...block(`Decided by: ${last.because}`, 3, columns)]),
    '',
    '',
  ].join('\n');
}

const DEFAULT_COLUMNS = 100;

/** Highlights the line that contains the reason for the lease. */
function highlight(line: string, paint: Paint): string {
  return line.includes('"value": "') && / [a-z]+ /i.test(line.split('"value": ')[1] ?? '')
    ? paint('yellow', line)
    : line;
}

function block(text: string, indent: number, columns: number): readonly string[] {
  return wrap(onOneLine(text), columns - indent).map((line) => `${' '.repeat(indent)}${line}`);
}
