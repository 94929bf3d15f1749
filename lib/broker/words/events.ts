/** Describes the events of a lease in words: the actor and the event. */
import type { Json, LeaseEvent } from '@leasehold/contract/event';
import { count, moment, spoken, visible } from '@leasehold/contract/text';
import type { VerifiedDecision } from '../consent/verify-decisions';
import { grantHash } from '../grant/grant';
import { reviewText } from './grant';

/** An event in words, without invisible characters. */
export interface EventWords {
  readonly sequence: number;
  /** Seconds since 1970. */
  readonly at: number;
  readonly who: string;
  readonly what: string;
}

/** All events of a lease in words, in order. */
export function eventWords(events: readonly LeaseEvent[]): readonly EventWords[] {
  const requester = events[0]?.body.type === 'requested' ? events[0].body.requester : undefined;
  return events.map(({ sequence, at, body }) => {
    const [who, what] = told(body);
    // The keys of requesters are long, and the first event already shows to whom the key belongs.
    const name = who === requester?.key ? requester.name : who;
    return { sequence, at, who: visible(name), what: visible(what) };
  });
}

/** The words for the proof of a decision, to follow the name of the person. */
export function proofText(proof: VerifiedDecision['proof']): string {
  switch (proof.kind) {
    case 'signed': {
      const { key, thumbprint } = proof.key;
      return visible(
        `signed with the passkey “${key.label}” ${thumbprint.slice(0, 16)}… at ${key.relyingParty.origin}.`,
      );
    }
    case 'unsigned':
      return 'not signed: only the record of the broker says so.';
    case 'invalid':
      return visible(`the signature is not valid. ${proof.because}`);
  }
}

function told(body: LeaseEvent['body']): readonly [who: string, what: string] {
  switch (body.type) {
    case 'requested': {
      const { requester, subject, asked } = body;
      const behalf = subject === undefined ? '' : `, on behalf of ${subject.sub} (${subject.issuer})`;
      return [requester.name, `asked ${askedText(asked)}, as ${requester.key}${behalf}`];
    }
    case 'reviewed':
      return ['reviewer', reviewText({ ...body.review, model: body.model })];
    case 'proposed': {
      const { grant, humans, approvers, until, signed } = body;
      const asks =
        humans === 0
          ? 'nobody has to approve'
          : `${humans} of ${approvers.join(', ')} must approve${signed ? ' with a passkey' : ''}`;
      const lasts = `${spoken(grant.seconds)} of ${grant.role}`;
      return ['broker', `proposed ${lasts}, grant ${short(grantHash(grant))}; ${asks}, until ${moment(until)}`];
    }
    case 'approved':
      return [body.by.name, `approved grant ${short(body.hash)}${signature(body)}`];
    case 'denied':
      return [
        body.by === 'broker' ? 'broker' : body.by.name,
        `denied it (${body.code})${signature(body)}: ${body.because}`,
      ];
    case 'lapsed':
      return ['broker', 'recorded that nobody answered in time'];
    case 'issued':
      return ['broker', `issued grant ${short(body.hash)}, until ${moment(body.until)}`];
    case 'failed':
      return ['broker', `was refused the session by AWS: ${body.call}, ${body.code}`];
    case 'withheld':
      return ['broker', `withheld the credentials (${body.code}): ${body.because}`];
    case 'collected':
      return [body.by, 'collected the credentials'];
    case 'revoked':
      return [body.by, `took it back${signature(body)}: ${body.because}`];
  }
}

/** Shows only that a signature exists. The text below the table shows whether the signature is valid. */
function signature({ assertion }: { readonly assertion?: unknown }): string {
  return assertion === undefined ? '' : ', with a signature';
}

/** The requested access. Unknown fields are shown as JSON. */
function askedText({
  role,
  intent,
  parameters,
  actions,
  seconds,
  reason,
  command,
  ...rest
}: Readonly<Record<string, Json>>): string {
  const values = Object.entries((parameters ?? {}) as object).map(([name, value]) => `${name} = ${value}`);
  const what = [
    role === undefined ? 'by intent' : `for ${role}`,
    ...(values.length === 0 ? [] : [`with ${values.join(', ')}`]),
    ...(Array.isArray(actions) ? [`for ${count(actions.length, 'action')} alone`] : []),
    ...(typeof seconds === 'number' ? [`for ${spoken(seconds)}`] : []),
    ...(Object.keys(rest).length === 0 ? [] : [JSON.stringify(rest)]),
  ];
  const run = command === undefined ? '' : `, to run “${command}”`;
  return `${what.join(' ')}: “${reason ?? intent}”${run}`;
}

/** The first characters of a hash, enough to recognize it. The full hash is shown with the grant and in the JSON. */
function short(hash: string): string {
  return `${hash.slice(0, 12)}…`;
}
