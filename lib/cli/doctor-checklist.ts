/**
 * Goes through the checklist before production: ticks the boxes that the doctor verified, and asks a person about the
 * other boxes.
 */
import { type CheckedBox, checkedBoxes, checklistMarkdown, type Diagnosis } from '@leasehold/doctor';
import { typed } from './confirm';
import { processKeyboard } from './keyboard';
import type { Shell } from './shell';

/**
 * The checklist with its ticks, and whether all boxes are ticked. If there is no terminal, nobody is asked, and the
 * boxes that only a person can tick stay unticked.
 */
export async function goThroughChecklist(
  diagnosis: Diagnosis,
  shell: Shell,
): Promise<{ readonly markdown: string; readonly complete: boolean }> {
  const boxes = checkedBoxes(diagnosis);
  const confirmed = await confirmedBoxes(
    boxes.filter(({ state }) => state === 'asked'),
    shell,
  );
  const isTicked = (text: string) =>
    boxes.some((box) => box.text === text && box.state === 'done') || confirmed.has(text);
  const complete = boxes.every(({ text }) => isTicked(text));
  return { markdown: `# Checklist of ${diagnosis.subject}\n\n${checklistMarkdown(boxes, isTicked)}\n`, complete };
}

/** The boxes that the person at the terminal confirms. Stops asking when the input ends. */
async function confirmedBoxes(boxes: readonly CheckedBox[], shell: Shell): Promise<ReadonlySet<string>> {
  const { host } = shell;
  const confirmed = new Set<string>();
  const { isTerminal } = host.keyboard ?? processKeyboard();
  if (!isTerminal || host.errColumns === undefined) return confirmed;
  const { signal } = new AbortController();
  for (const { section, text } of boxes) {
    const answer = await typed(`${section}: ${plain(text)}\nType yes if this is true: `, shell, signal);
    if (answer === undefined) break;
    if (answer.trim().toLowerCase() === 'yes') confirmed.add(text);
  }
  return confirmed;
}

/** A sentence in Markdown as plain text: links and ids without their marks. */
function plain(text: string): string {
  return text.replace(/\[([^\]]*)\]\([^)]*\)/g, '$1').replaceAll('`', '');
}
