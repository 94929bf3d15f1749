/** What an import tells beside its roles. */
import type { Refusal } from './actions';
import type { Tale } from './model';

/** Notes what cannot be had, beside what is lost for the same reason. */
export function lose(tale: Tale, what: readonly string[], { why, instead }: Refusal): void {
  for (const each of what) {
    if (!tale.lost.some((loss) => loss.what === each && loss.why === why)) tale.lost.push({ what: each, why, instead });
  }
}

/** Notes what the source names and never permits. */
export function rest(tale: Tale, what: string, why: string): void {
  if (!tale.dead.some((idle) => idle.what === what && idle.why === why)) tale.dead.push({ what, why });
}

/** The first few of many. */
export function listed(names: readonly string[], most = 4): string {
  const shown = names.slice(0, most).join(', ');
  return names.length > most ? `${shown} and ${names.length - most} more` : shown;
}
