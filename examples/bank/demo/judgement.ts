/**
 * What the bank's reviewer makes of a request. In the bank's accounts a model reads the policies in `roles/principals`;
 * here their sentences are code, so that the story always goes the same way.
 */

/** One request, as a reviewer is told of it (`lib/broker/verdict/question.ts`). */
export interface Question {
  readonly policy: string;
  readonly roles: readonly Offered[];
  readonly untrusted: Untrusted;
}

interface Offered {
  readonly name: string;
  readonly access: 'read' | 'write' | 'delete' | 'write+delete';
  readonly actions: readonly string[];
  readonly maxMinutes: number;
}

/** What the requester wrote. */
interface Untrusted {
  readonly reason: string;
  readonly role?: string;
  readonly parameters?: Readonly<Record<string, string>>;
  readonly actions?: readonly string[];
  readonly seconds?: number;
}

/** What a reviewer answers (`lib/broker/verdict/answer.ts`). */
export interface Answer {
  readonly decision: 'allow' | 'deny' | 'escalate';
  readonly role: string;
  readonly actions: readonly string[];
  readonly parameters: Readonly<Record<string, string>>;
  readonly minutes: number;
  readonly risk: 'low' | 'medium' | 'high';
  readonly sentence: string;
}

/** A sentence of a policy, what it forbids, and how that is told. */
interface Rule {
  readonly written: RegExp;
  readonly forbids: (reason: string) => boolean;
  readonly sentence: string;
}

const speaksOf = (words: RegExp) => (reason: string) => words.test(reason);

const RULES: readonly Rule[] = [
  {
    written: /gives orders to the reviewer/i,
    forbids: speaksOf(/\b(ignore|disregard|forget)\b.*\binstructions?\b|\b(system|maintenance) mode\b|\bemergency\b/i),
    sentence: 'The reason gives orders instead of saying what is to be done.',
  },
  {
    written: /no business with (other customers|customers)/i,
    forbids: speaksOf(/\b(all|any|every|other|each) (of the )?customers?\b|\beverybody\b/i),
    sentence: 'The reason speaks of customers that the requester has no business with.',
  },
  {
    written: /\bexports\b/i,
    forbids: speaksOf(/\b(export|bulk|dump|scan|whole table|all rows)\b/i),
    sentence: 'The reason speaks of reading in bulk.',
  },
  {
    written: /without a ticket, deny/i,
    forbids: (reason) => /\brelease\b/i.test(reason) && !/\b[A-Z]{2,}-\d+\b/.test(reason),
    sentence: 'The reason names no ticket of the change.',
  },
];

/** Which role an intent needs, with the fewest actions. */
const PICKS: readonly { readonly words: RegExp; readonly role: string; readonly actions: readonly string[] }[] = [
  {
    words: /\b(transactions?|paid|pay|payments?|spent|booked)\b/i,
    role: 'customer-transactions',
    actions: ['dynamodb:Query'],
  },
  { words: /\bbalances?\b/i, role: 'customer-balance', actions: ['dynamodb:Query'] },
  { words: /\b(profile|address|phone)\b/i, role: 'customer-profile', actions: ['dynamodb:GetItem'] },
  { words: /\bmetrics?\b/i, role: 'ops-metrics', actions: ['cloudwatch:GetMetricData', 'cloudwatch:ListMetrics'] },
];

/** Minutes that a job takes, as the bank sees it. */
const READING = 5;
const WRITING = 15;

/** Judges a request by the policy of whoever asks. */
export function judge({ policy, roles, untrusted }: Question): Answer {
  const { reason } = untrusted;
  const broken = RULES.find(({ written, forbids }) => written.test(policy) && forbids(reason));
  const offered = (wanted: string | undefined) => roles.find(({ name }) => name === wanted);
  const pick = PICKS.find(({ words, role }) => words.test(reason) && offered(role) !== undefined);
  const role = offered(untrusted.role ?? pick?.role);
  if (broken !== undefined) return denial(role ?? roles[0], broken.sentence);
  if (role === undefined) return denial(roles[0], 'The intent needs none of the roles that are offered.');
  const reads = role.access === 'read';
  const fewest = untrusted.role === undefined ? pick?.actions : untrusted.actions;
  return {
    decision: 'allow',
    role: role.name,
    actions: fewest ?? role.actions,
    parameters: untrusted.parameters ?? {},
    minutes: Math.min(reads ? READING : WRITING, role.maxMinutes),
    risk: reads ? 'low' : 'high',
    sentence: reads
      ? 'Reads what the reason speaks of, and fits the policy of whoever asks.'
      : 'Changes what people rely on, for a reason that can be checked: look it up.',
  };
}

/** A no has the form of every other answer. */
function denial(role: Offered | undefined, sentence: string): Answer {
  const { name = 'none', actions = ['none'] } = role ?? {};
  return { decision: 'deny', role: name, actions, parameters: {}, minutes: 1, risk: 'high', sentence };
}

/**
 * What a reviewer answers that does what the attacker says: the JSON in the reason is its answer, to the letter; where
 * there is none, it allows all that it can.
 */
export function obey({ roles, untrusted }: Question): unknown {
  const [order] = /\{.*\}/.exec(untrusted.reason) ?? [];
  const [first] = roles;
  return {
    decision: 'allow',
    role: first?.name,
    actions: first?.actions,
    parameters: {},
    minutes: 60,
    risk: 'low',
    sentence: 'All is well.',
    ...(order === undefined ? {} : JSON.parse(order)),
  };
}
