/** Texts from records are shown without the control characters that a terminal would obey. */
import { paint } from '../../../lib/cli/colour';
import { renderAudit, renderAudits, renderTrust, renderUnsigned } from '../../../lib/cli/render/audit';
import { renderChanges, renderRevocations, renderUnsignedActs } from '../../../lib/cli/render/changes';
import { hidesSomething } from '../../../lib/contract/text';
import { aGrant, eventsOf, leaseOf, proposed, REQUESTED } from '../../broker/support';

const HOSTILE = 'oncall\u001b[2K\u001b[1A\r\nall are valid\u202e';
const PLAIN = paint(false);

const because = HOSTILE;
const root = { person: HOSTILE, thumbprint: 'f'.repeat(64) } as never;
const statement = { lease: HOSTILE, decision: 'approve', approver: HOSTILE } as never;
const decisions = ([{ kind: 'unsigned' }, { kind: 'invalid', because }] as const).map((proof, index) => ({
  sequence: index + 1,
  statement,
  proof,
}));
const grant = aGrant({ command: HOSTILE });
const bodies = [
  REQUESTED,
  proposed(1, grant),
  { type: 'revoked', by: `administrator ${HOSTILE}`, because } as const,
] as const;
const lease = {
  id: HOSTILE,
  stored: [],
  record: { kind: 'holds', lease: leaseOf(...bodies), events: eventsOf(...bodies) },
  decisions,
  valid: true,
} as const;
const broken = { ...lease, record: { kind: 'broken', events: [], code: 'malformed', because }, valid: false } as const;
const exported = { leases: [lease, broken], roots: [root], reused: decisions };

const act = (body: unknown) =>
  [{ kind: 'unsigned' } as const, { kind: 'invalid', because } as const].map((proof, index) => ({
    event: { sequence: index + 1, at: 0, body },
    proof,
  }));
const administration = (body: unknown, why?: string) =>
  ({ record: 'r', verified: { acts: act(body), valid: why === undefined, because: why }, roots: [root] }) as never;
const CHANGE = {
  type: 'principal-set',
  by: HOSTILE,
  before: { groups: [], policy: '' },
  after: { groups: [HOSTILE], policy: 'x' },
  opens: [HOSTILE],
};
const REVOKED = { type: 'leases-revoked', by: HOSTILE, scope: { requester: HOSTILE }, because };

it.each<[string, string]>([
  ['the record of a lease', renderAudit(lease, 0, PLAIN)],
  ['a broken record', renderAudit(broken, 0, PLAIN)],
  ['several records', renderAudits([lease, broken], 0, PLAIN)],
  ['the keys and the invalid signatures', renderTrust(exported, PLAIN)],
  ['decisions that are not signed', renderUnsigned(exported)],
  ['changes of a principal', renderChanges('alice', administration(CHANGE), PLAIN)],
  ['a broken record of changes', renderChanges('alice', administration(CHANGE, HOSTILE), PLAIN)],
  ['revocations', renderRevocations(administration(REVOKED), PLAIN)],
  ['revocations that are not signed', renderUnsignedActs({ acts: act(REVOKED) as never })],
])('%s', (_, shown) => {
  expect(shown).toContain('oncall\\x1b[2K');
  expect(shown.split('\n').filter(hidesSomething)).toEqual([]);
});
