/** The reviewer's model, played on this machine: a server with OpenAI's interface that always says the same. */
import { type Answer, judge, obey, type Question } from './judgement';
import { type Answered, type Asked, listen } from './loopback';

export interface LocalModel {
  /** Address before `/chat/completions`. */
  readonly url: string;
  readonly name: string;
  /** Whether it does what an attacker says in place of what the policy says. @default false */
  obeysAttackers: boolean;
  readonly stop: () => Promise<void>;
}

/** Starts it. */
export async function startModel(): Promise<LocalModel> {
  const server = await listen((asked) => answer(asked, model.obeysAttackers ? obey : judge));
  const model: LocalModel = {
    url: `${server.url}/v1`,
    name: 'bank-policy-double',
    obeysAttackers: false,
    stop: server.stop,
  };
  return model;
}

/** Source: https://developers.openai.com/api/docs/api-reference/chat/create */
function answer({ method, path, body }: Asked, decide: (question: Question) => unknown): Answered {
  if (method !== 'POST' || path !== '/v1/chat/completions') return { status: 404, body: {} };
  const { model, messages } = JSON.parse(body) as { model: string; messages: readonly Message[] };
  const asked = messages.find(({ role }) => role === 'user');
  const content = JSON.stringify(inForm(decide(questionIn(asked?.content ?? '')) as Answer));
  const message = { role: 'assistant', content, refusal: null };
  return {
    status: 200,
    body: { object: 'chat.completion', model, choices: [{ index: 0, finish_reason: 'stop', message }] },
  };
}

interface Message {
  readonly role: string;
  readonly content: string;
}

/** The question out of its blocks (`lib/broker/reviewers/prompt.ts`): no block's end can stand inside it. */
function questionIn(text: string): Question {
  const block = (name: string) => {
    const [, json] = new RegExp(`^<${name}(?: [^>]*)?>\\n([\\s\\S]*?)\\n</${name}>$`, 'm').exec(text) ?? [];
    return JSON.parse(json ?? 'null');
  };
  return { policy: block('policy'), roles: block('roles'), untrusted: block('untrusted') };
}

/** Structured output names every key, so that parameters are a list. */
function inForm({ parameters, ...rest }: Answer): object {
  return { ...rest, parameters: Object.entries(parameters).map(([name, value]) => ({ name, value })) };
}
