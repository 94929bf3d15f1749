/** The first line of a review. */
import type { Review, ReviewFinding, Severity } from '../review';
import { SEVERITIES } from '../review';
import { worstChange } from './access-change';
import type { IdentityDiff } from './identity-diff';

/** The worst severity. `undefined` if there are no findings. */
export function worstOf(findings: readonly ReviewFinding[]): Severity | undefined {
  return SEVERITIES.toReversed().find((severity) => findings.some((finding) => finding.severity === severity));
}

/** The verdict: one sentence. It contains no names, so that text in the plan cannot forge a verdict. */
export function verdictOf(
  diffs: readonly IdentityDiff[],
  findings: readonly ReviewFinding[],
  unknowns: Review['unknowns'],
  unclassified: readonly string[] = [],
): string {
  const of = (state: IdentityDiff['state']) => diffs.filter((diff) => diff.state === state);
  const changed = of('changed');
  const opened = changed.filter(({ trust }) => trust !== undefined && (trust.wider || trust.added.length > 0));
  const wider = changed.filter(({ permissions }) => permissions.kind === 'widened');
  const doubtful = changed.filter(({ permissions }) => permissions.kind === 'unknown');
  const narrower = changed.filter(({ permissions }) => permissions.kind === 'narrowed');
  const told = new Set([...opened, ...wider, ...doubtful, ...narrower]);
  const rest = changed.filter((diff) => !told.has(diff)).length;
  const parts = [
    counted(opened.length, 'role', 'roles', 'is easier to open', 'are easier to open'),
    gains(wider),
    counted(doubtful.length, 'identity', 'identities', 'may gain what cannot be read', 'may gain what cannot be read'),
    counted(narrower.length, 'identity', 'identities', 'loses access', 'lose access'),
    counted(rest, 'identity', 'identities', 'changes otherwise', 'change otherwise'),
    counted(of('new').length, 'identity', 'identities', 'is new', 'are new'),
    counted(of('removed').length, 'identity', 'identities', 'is removed', 'are removed'),
  ].filter((part) => part !== '');
  const certain =
    unknowns.length === 0 && unclassified.length === 0 && findings.every(({ id }) => GIVES_NOTHING.has(id));
  const nobody = certain ? 'No identity can do more or less than before' : 'No policy of an identity changes';
  const access = parts.length === 0 ? nobody : parts.join(', ');
  const fresh = counted(unclassified.length, 'type', 'types', 'is not classified', 'are not classified');
  const unread = `${unknowns.length === 0 ? '' : `; ${unknowns.length} unread`}${fresh === '' ? '' : `; ${fresh}`}`;
  const worst = worstOf(findings);
  const said =
    worst === undefined ? 'no findings' : `${plural(findings.length, 'finding', 'findings')}, worst ${worst}`;
  return `${access}${unread}; ${said}.`;
}

/** Kinds of findings that report no additional access. */
const GIVES_NOTHING: ReadonlySet<string> = new Set([
  'alert-weakened',
  'deletion-protection-removed',
  'log-retention-shortened',
  'trail-weakened',
  'waiver-added',
  'waiver-expired',
]);

function gains(wider: readonly IdentityDiff[]): string {
  if (wider.length === 0) return '';
  const worst = worstChange(wider.flatMap(({ changes }) => changes.gained));
  const what = worst === undefined ? 'access' : WORDS[worst.access];
  const kinds = new Set(wider.map(({ identity }) => identity.kind));
  const [kind = 'identity'] = kinds.size === 1 ? kinds : ['identity'];
  const many = kind === 'identity' ? 'identities' : `${kind}s`;
  return `${plural(wider.length, kind, many)} ${wider.length === 1 ? 'gains' : 'gain'} ${what}`;
}

const WORDS = {
  permissions: 'power over permissions',
  unknown: 'access',
  delete: 'delete access',
  write: 'write access',
  read: 'read access',
} as const;

function counted(count: number, one: string, many: string, does: string, doMany: string): string {
  return count === 0 ? '' : `${plural(count, one, many)} ${count === 1 ? does : doMany}`;
}

function plural(count: number, one: string, many: string): string {
  return `${count} ${count === 1 ? one : many}`;
}
