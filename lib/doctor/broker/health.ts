/**
 * Verifies the state that the broker's function records about itself: whether its schedule runs and its work succeeds,
 * whether its clock agrees with AWS's time, and whether the reviewer responds. The function sends a test question to the
 * reviewer; the doctor only reads the recorded result.
 */
import type { Environment } from '@leasehold/definitions';
import {
  ANSWERED,
  brokerFunctionArn,
  HEALTH_ATTRIBUTES,
  HEALTH_KEY,
  projectionsTableName,
  QUESTION_SECONDS,
  reviewerTarget,
} from '@leasehold/documents';
import { Unread } from '../unread';
import type { AccountContext, AccountVerification, Damage } from '../verification';
import { withBroker } from './function';

/**
 * If the function has not run for this number of seconds, the schedule counts as stopped. The schedule runs every
 * minute.
 */
const MOST_SILENCE = 600;
/** Seconds by which the function's clock may be ahead of AWS's clock. */
const MOST_AHEAD = 30;
/** Maximum number of seconds until a test question is answered or fails. */
const LONGEST_QUESTION = 120;

/** The health of the function. Times are in seconds since 1970. */
interface Health {
  /** AWS's time at which the item was read. */
  readonly now: number;
  readonly at: number;
  /**
   * The time at which a run last completed all its work; `undefined` if an earlier version of the function wrote the
   * item.
   */
  readonly completeAt: number | undefined;
  readonly askedAt: number | undefined;
  /** The settings of the reviewer that was asked. */
  readonly target: string | undefined;
  readonly result: string | undefined;
}

export const brokerClock: AccountVerification = {
  id: 'broker-clock',
  part: 'broker',
  severity: 'high',
  title:
    'The schedule of the function runs, the scheduled work succeeds, and the clock of the function agrees with AWS',
  why: 'The scheduled work of the broker records lapsed requests, and repairs and removes revocations. The broker function uses its clock to compute when leases and approvals end.',
  applies: withBroker,
  verify: async (context) => {
    const { now, at, completeAt } = await healthOf(context);
    if (at - now > MOST_AHEAD) {
      return [damage(context.environment, `The clock of the function is ${at - now} seconds ahead of AWS's.`, REPORT)];
    }
    if (now - at > MOST_SILENCE) {
      return [
        damage(
          context.environment,
          `The scheduled work of the broker last ran ${minutes(now - at)} minutes ago, or the clock of the broker function is behind.`,
          'Look for errors in the log of the broker function, and check whether the schedule rule is enabled.',
        ),
      ];
    }
    if (completeAt === undefined)
      throw unknown('the function has not stated whether the work of its schedule succeeds');
    if (completeAt - now > MOST_AHEAD) throw unknown('the function states a success in the future');
    if (now - completeAt <= MOST_SILENCE) return [];
    return [
      damage(
        context.environment,
        `The schedule of the broker runs, but the scheduled work has failed since ${new Date(completeAt * 1000).toISOString()}.`,
        'Look for `sweep-revocations` and `sweep-lapsed` in the log of the function: revocations may not be repaired.',
      ),
    ];
  },
};

export const brokerReviewer: AccountVerification = {
  id: 'broker-reviewer',
  part: 'broker',
  severity: 'high',
  title: 'The reviewer answered the last test question of the function',
  why: 'If the reviewer does not answer, every request for a role whose reviewer decides is denied, and requests for roles whose reviewer advises get no advice. The function asks the reviewer a fixed question every hour.',
  applies: ({ broker }) => broker?.reviewer !== undefined,
  verify: async (context) => {
    const { environment } = context;
    const { reviewer } = environment.broker ?? {};
    if (reviewer === undefined) return [];
    const { now, askedAt, target, result } = await healthOf(context);
    if (askedAt === undefined || target !== reviewerTarget(reviewer)) {
      throw unknown('the function has not asked this reviewer yet');
    }
    if (askedAt - now > MOST_AHEAD) throw unknown('the function states a question in the future');
    const ago = now - askedAt;
    if (ago > 2 * QUESTION_SECONDS) {
      const hint = 'Look for errors in the log of the broker function.';
      return [damage(environment, `The broker last tested the reviewer ${minutes(ago)} minutes ago.`, hint)];
    }
    if (result === ANSWERED) return [];
    if (result === undefined && ago <= LONGEST_QUESTION) throw unknown('the function is asking the reviewer');
    return [
      damage(environment, `The reviewer did not answer: ${WHY[result ?? ''] ?? 'the question was interrupted'}.`),
    ];
  },
};

/** The explanation of each reason why the reviewer did not answer. */
const WHY: Readonly<Record<string, string>> = {
  timeout: 'it gave no answer in time',
  throttled: 'it was throttled',
  refused: 'it refused the question',
  nonsense: 'its answer was not valid',
  unavailable: 'it cannot be reached',
};

const REPORT = 'Report the wrong clock to AWS, because only AWS can set this clock.';

function damage(environment: Environment, message: string, hint = REVIEWER_HINT): Damage {
  return { kind: 'damage', place: brokerFunctionArn(environment), message, hint };
}

const REVIEWER_HINT =
  'Check the model, region or address, quota and API key of the reviewer, both in the definitions and in the settings of the provider.';

function minutes(seconds: number): number {
  return Math.floor(seconds / 60);
}

function unknown(message: string): Unread {
  return new Unread({
    code: 'unreadable',
    message,
    hint: 'If this version of the broker is not deployed yet, deploy it. Then wait for two minutes, and run the doctor again.',
  });
}

/** @throws Unread, for example if the function has not recorded its health yet */
async function healthOf({ environment, live }: AccountContext): Promise<Health> {
  const answer = await live.aws.call('dynamodb', 'GetItem', {
    TableName: projectionsTableName(environment),
    Key: { pk: { S: HEALTH_KEY.pk }, sk: { S: HEALTH_KEY.sk } },
    ConsistentRead: true,
  });
  const now = Math.floor(live.aws.timeOf(answer, 'dynamodb:GetItem') / 1000);
  const { at, completeAt, askedAt, target, result } = HEALTH_ATTRIBUTES;
  const seconds = (name: string) => {
    const value = Number(answer.Item?.[name]?.N ?? Number.NaN);
    return Number.isSafeInteger(value) && value >= 0 ? value : undefined;
  };
  const last = seconds(at);
  if (last === undefined) throw unknown('the function has not stated its health');
  return {
    now,
    at: last,
    completeAt: seconds(completeAt),
    askedAt: seconds(askedAt),
    target: answer.Item?.[target]?.S,
    result: answer.Item?.[result]?.S,
  };
}
