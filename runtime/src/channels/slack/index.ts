/** `@leasehold/runtime/slack`: sends a request as a message with buttons, and receives the answer from a form. */
import type { WebClient } from '@slack/web-api';
import type { Approval, ApprovalChannel } from '../../approval';
import { demandApprover, PendingApproval, REFUSALS } from '../question';
import { demandSafeUrl } from '../safe-url';
import { WhileUsed } from '../while-used';
import { buttons, CODE, form, headline, section, sections } from './blocks';
import { type Interaction, readInteraction } from './interaction';
import { Connection, type Heard, slackFailed, webClient } from './sdk';

/** The Slack app, the channels in which it asks, and the approvers. */
export interface SlackOptions {
  /** `xoxb-…`, with the scope `chat:write`. */
  readonly botToken: string;
  /** App-level token (`xapp-…`) with the scope `connections:write`. */
  readonly appToken: string;
  /** Ids of the channels and users that receive requests, for example `C024BE91L` or `U061F7AUR`. */
  readonly to: readonly string[];
  /** Maps a Slack user id to an approver. Other users are rejected. */
  readonly approvers: Readonly<Record<string, string>>;
  /** @default `https://slack.com/api/` */
  readonly apiUrl?: string;
}

/**
 * Asks in Slack through Socket Mode, which needs no address that is reachable from outside. An approver presses a
 * button and types the code of their device into a form, or presses Deny.
 *
 * Needs `@slack/web-api` and `@slack/socket-mode` beside the runtime. Slack delivers each interaction to any one of the
 * processes that are connected as the app, so give each agent its own app.
 *
 * @example
 * ```ts
 * import { slack } from '@leasehold/runtime/slack';
 *
 * const approval = slack({
 *   botToken: process.env.SLACK_BOT_TOKEN ?? '',
 *   appToken: process.env.SLACK_APP_TOKEN ?? '',
 *   to: ['C024BE91L'],
 *   approvers: { U061F7AUR: 'oncall' },
 * });
 * ```
 * @throws LeaseError `channel-failed` for a URL without TLS
 * @public
 */
export function slack(options: SlackOptions): ApprovalChannel {
  const desk = new Desk(options);
  return (request, { signal, ...known }) => desk.ask(new PendingApproval(request, signal, known));
}

/** The requests that are pending in Slack, and their shared connection. */
class Desk {
  readonly #to: readonly string[];
  readonly #approvers: ReadonlyMap<string, string>;
  readonly #questions = new Map<string, PendingApproval>();
  readonly #connection: WhileUsed<Connection>;
  readonly #connect: () => WebClient;
  #web: WebClient | undefined;

  constructor({ botToken, appToken, to, approvers, apiUrl = 'https://slack.com/api/' }: SlackOptions) {
    const url = demandSafeUrl(apiUrl, 'Slack').replace(/\/*$/, '/');
    this.#to = to;
    this.#approvers = new Map(Object.entries(approvers));
    this.#connect = () => webClient(botToken, url);
    const failed = (error: ReturnType<typeof slackFailed>) => {
      for (const question of this.#questions.values()) question.fail(error);
    };
    this.#connection = new WhileUsed(
      () => Connection.open(appToken, url, this.#hear, failed),
      (connection) => connection.close(),
    );
  }

  async ask(question: PendingApproval): Promise<Approval> {
    demandApprover(question, this.#approvers.values(), 'Slack');
    if (question.ending !== undefined) return question.answer;
    this.#questions.set(question.key, question);
    try {
      return await this.#connection.use((opened) => {
        this.#post(question, opened).catch((error: unknown) => question.fail(slackFailed(error)));
        return question.answer;
      });
    } finally {
      this.#questions.delete(question.key);
    }
  }

  /**
   * Posts the request to every target after the connection that receives answers has been opened. One successful post
   * is sufficient.
   */
  async #post(question: PendingApproval, opened: Promise<Connection>): Promise<void> {
    const shown = sections(question.request);
    await opened;
    if (question.ending !== undefined) return;
    this.#web ??= this.#connect();
    const web = this.#web;
    const text = headline(question.request);
    const posted = await Promise.allSettled(
      this.#to.map(async (channel) => {
        const message = await web.chat.postMessage({
          channel,
          text,
          blocks: [...shown, buttons(question)],
          parse: 'none',
          link_names: false,
          unfurl_links: false,
          unfurl_media: false,
        });
        this.#mark(web, question, message, text, shown);
      }),
    );
    const failed = posted.find((each) => each.status === 'rejected');
    if (failed !== undefined && posted.every((each) => each.status === 'rejected')) throw failed.reason;
  }

  /** Replaces the buttons with the outcome. The call is not awaited, because the answer is already final. */
  #mark(
    web: WebClient,
    question: PendingApproval,
    { channel, ts }: { readonly channel?: string | undefined; readonly ts?: string | undefined },
    text: string,
    shown: ReturnType<typeof sections>,
  ): void {
    if (channel === undefined || ts === undefined) return;
    question
      .whenSettled()
      .then((ending) => web.chat.update({ channel, ts, text, blocks: [...shown, section(ending)] }))
      .catch(() => {});
  }

  readonly #hear: Heard = (body, acknowledge) => {
    const done = readInteraction(body);
    if (done?.kind === 'submit') {
      const refusal = this.#submit(done);
      acknowledge(refusal === undefined ? {} : { response_action: 'errors', errors: { [CODE]: refusal } });
      return;
    }
    acknowledge();
    if (done !== undefined) this.#press(done).catch(() => {});
  };

  /** Submits a code. If the code is rejected, returns the message to show in the form. */
  #submit({ key, user, code }: Extract<Interaction, { kind: 'submit' }>): string | undefined {
    const question = this.#questions.get(key);
    if (question === undefined) return UNKNOWN;
    const refusal = question.approve(this.#approvers.get(user), code);
    return refusal === undefined ? undefined : REFUSALS[refusal];
  }

  async #press(pressed: Exclude<Interaction, { kind: 'submit' }>): Promise<void> {
    const { key, user, channel } = pressed;
    const question = this.#questions.get(key);
    const approver = this.#approvers.get(user);
    const tell = (text: string) => this.#web?.chat.postEphemeral({ channel, user, text });
    if (question === undefined) await tell(UNKNOWN);
    else if (pressed.kind === 'deny') {
      const refusal = question.deny(approver);
      if (refusal !== undefined) await tell(REFUSALS[refusal]);
    } else {
      const refusal = question.refuses(approver);
      if (refusal !== undefined) await tell(REFUSALS[refusal]);
      else {
        const opening = this.#web?.views.open({ trigger_id: pressed.trigger, view: form(question) });
        await opening?.catch(() => tell('Slack did not open the form. Press the button again.'));
      }
    }
  }
}

/**
 * Message for a request that belongs to a different process. Shown if several processes are connected as the same app.
 */
const UNKNOWN =
  'This request has ended, or another process of the agent is waiting for the answer. If the request is still open, try again until that process receives your answer.';
