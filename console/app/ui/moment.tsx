import { left, moment } from '@leasehold/contract/text';
import { useEffect, useState } from 'react';

/** The current time in seconds since 1970. The component is drawn again every few seconds. */
export function useNow(): number {
  const [now, setNow] = useState(seconds);
  useEffect(() => {
    const timer = setInterval(() => setNow(seconds()), 5000);
    return () => clearInterval(timer);
  }, []);
  return now;
}

function seconds(): number {
  return Math.floor(Date.now() / 1000);
}

/** A time in the reader's time zone. The title shows the time in UTC, as in records. */
export function Moment({ at }: { readonly at: number }) {
  const date = new Date(at * 1000);
  if (Number.isNaN(date.getTime())) return <span>an unknown time</span>;
  return (
    <time dateTime={date.toISOString()} title={moment(at)}>
      {FORMAT.format(date)}
    </time>
  );
}

const FORMAT = new Intl.DateTimeFormat(undefined, {
  day: 'numeric',
  month: 'short',
  hour: '2-digit',
  minute: '2-digit',
  timeZoneName: 'short',
});

/** The time until a deadline. */
export function Deadline({ until, now }: { readonly until: number; readonly now: number }) {
  const rest = until - now;
  if (rest <= 0) return <span className="deadline deadline-soon">Time is over</span>;
  return (
    <span className={rest < SOON ? 'deadline deadline-soon' : 'deadline'}>
      {left(rest)} left, until <Moment at={until} />
    </span>
  );
}

/** A deadline is marked if fewer seconds than this are left. */
const SOON = 300;

/** How long ago something was. */
export function Age({ at, now }: { readonly at: number; readonly now: number }) {
  return <span title={moment(at)}>{left(Math.max(0, now - at))} ago</span>;
}
