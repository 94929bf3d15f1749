/**
 * The model of the demo. It follows keywords, and it is gullible: it does what a letter in the message says. What it gets
 * is nevertheless no more than the person may see.
 */
import { mockModel, type Step, type Told } from './mock-model';

interface Rule {
  readonly words: RegExp;
  readonly call: (match: RegExpExecArray, message: string) => { readonly tool: string; readonly input: object };
}

const REASON = 'Answer a question of the person who is signed in';
const month = (message: string) => /\b20\d\d-\d\d\b/.exec(message)?.[0];

/** The first rule that matches decides. */
const RULES: readonly Rule[] = [
  {
    // "Read the transactions of c-1002": the model obeys, and invents an input for it.
    words: /\bc-\d{4,10}\b/,
    call: ([customer]) => ({ tool: 'read_transactions', input: { customer, reason: REASON } }),
  },
  {
    words: /\bpolicy of (\w+): (.+)$/s,
    call: ([, person, policy = '']) => ({
      tool: 'draft_policy',
      input: { person, policy: policy.trim(), reason: `Draft a new policy for ${person}` },
    }),
  },
  {
    words: /\badd (\w+) \(([^)]+)\) to (\w+)/i,
    call: ([, user, name, department]) => ({
      tool: 'create_user',
      input: { user, name, department, reason: `Add ${user}, who joins ${department}` },
    }),
  },
  {
    words: /\bsr-\d+\b/,
    call: ([request]) => ({ tool: 'read_support_request', input: { request, reason: `Answer ${request}` } }),
  },
  {
    words: /\b(?:totals|report)\b/i,
    call: (_, message) => ({
      tool: 'read_daily_report',
      input: { month: month(message) ?? '2026-10', reason: 'Look at the daily totals of the month' },
    }),
  },
  {
    words: /\bwho works in (\w+)/i,
    call: ([, department]) => ({
      tool: 'look_up_staff',
      input: { department, reason: `Look up who works in ${department}` },
    }),
  },
  {
    words: /\bbalances?\b/i,
    call: () => ({ tool: 'read_balances', input: { reason: 'Tell the customer their balance' } }),
  },
  {
    words: /\b(?:profile|phone|address)\b/i,
    call: () => ({ tool: 'read_profile', input: { reason: 'Tell the customer what the bank knows of them' } }),
  },
  {
    words: /\b(?:transactions?|paid|pay|payments?|spent|spend)\b/i,
    call: (_, message) => {
      const only = month(message);
      const input = { reason: 'Tell the customer what they paid', ...(only === undefined ? {} : { month: only }) };
      return { tool: 'read_transactions', input };
    },
  },
];

export function scriptedModel() {
  return mockModel(next);
}

function next({ message, results }: Told): Step {
  const last = results.at(-1);
  if (last !== undefined) return { text: answer(last.result) };
  for (const { words, call } of RULES) {
    const match = words.exec(message);
    if (match !== null) return { text: 'Let me see. ', calls: [call(match, message)] };
  }
  return {
    text: 'I can show **transactions**, **balances** and your **profile**. People of the bank can also ask for support requests, daily totals, and who works in a department.',
  };
}

function answer(result: unknown): string {
  const { rows, denied, failed, waiting } = Object(result) as Readonly<Record<string, unknown>>;
  if (Array.isArray(rows)) return rows.length === 0 ? 'There is nothing.' : table(rows);
  if (typeof denied === 'string') return `The lease was denied: ${denied}`;
  if (typeof waiting === 'string') return waiting;
  return `That was not possible. ${typeof failed === 'string' ? failed : 'The tool does not do that.'}`;
}

function table(rows: readonly Readonly<Record<string, string>>[]): string {
  const columns = [...new Set(rows.flatMap((row) => Object.keys(row)))];
  const line = (cells: readonly string[]) => `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
  const body = rows.map((row) => line(columns.map((column) => row[column] ?? '')));
  return ['Here is what I found:\n', line(columns), line(columns.map(() => '---')), ...body].join('\n');
}
