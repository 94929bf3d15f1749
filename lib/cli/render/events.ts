/** Describes the events of a lease: the time, the actor, and the event. */

import type { LeaseEvent } from '@leasehold/broker';
import { eventWords } from '@leasehold/broker/core';
import { moment } from '@leasehold/contract/text';
import type { Paint } from '../colour';
import { renderTable } from './table';

/** One row per event. */
export function renderEvents(events: readonly LeaseEvent[], paint: Paint, columns: number | undefined): string {
  return renderTable(
    [
      { title: '#', align: 'right' },
      { title: 'when (UTC)', keep: true },
      { title: 'who', hue: () => 'bold' },
      { title: 'what' },
    ],
    eventWords(events).map(({ sequence, at, who, what }) => [
      String(sequence),
      moment(at).replace(/ UTC$/, ''),
      who,
      what,
    ]),
    { paint, columns },
  );
}
