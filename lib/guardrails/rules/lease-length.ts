import { type Complaint, pageOf, type RoleGuardrail } from '../guardrail';

/**
 * Maximum duration of a lease in seconds. Every role has this `max_session_duration`, because IAM does not accept a
 * lower value.
 */
const LONGEST = 3600;
/** Minimum duration of an `sts:AssumeRole` session in seconds. */
const SHORTEST_BY_MFA = 900;

/**
 * A lease lasts at most one hour. A lease from the broker is a chained session, which AWS limits to one hour anyway.
 * Source: https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html (DurationSeconds)
 */
export const leaseLength: RoleGuardrail = {
  id: 'lease-length',
  title: 'A lease lasts at most an hour, and with gate `mfa` at least 15 minutes',
  severity: 'error',
  page: pageOf('lease-length'),
  unwaivable: 'every role is deployed with `max_session_duration` 3600',
  over: 'role',
  *check({ role }) {
    const { defaultSeconds, maxSeconds } = role.lease;
    const shortest = role.gates.includes('mfa') ? SHORTEST_BY_MFA : 1;
    const at = (key: string) => role.locate(['lease', key]);
    for (const [key, seconds] of [
      ['default', defaultSeconds],
      ['max', maxSeconds],
    ] as const) {
      const complaint = outside(key, seconds, shortest);
      if (complaint) yield { ...complaint, at: at(key) };
    }
    if (defaultSeconds > maxSeconds) {
      yield {
        message: `The default length of a lease, ${defaultSeconds} s, is greater than the maximum, ${maxSeconds} s.`,
        hint: 'Shorten `default`, or lengthen `max`.',
        at: at('default'),
      };
    }
  },
};

function outside(key: string, seconds: number, shortest: number): Omit<Complaint, 'at'> | undefined {
  if (!(seconds <= LONGEST)) {
    return {
      message: `\`lease.${key}\` is ${seconds} s, and a lease lasts an hour (3600 s) at most.`,
      expected:
        'an hour or less: STS ends a session that another session opened after an hour (https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html)',
      hint: 'Shorten it to `1h` or less.',
    };
  }
  if (!(seconds >= shortest)) {
    return {
      message:
        shortest === SHORTEST_BY_MFA
          ? `\`lease.${key}\` is ${seconds} s, and with gate \`mfa\` an STS session lasts at least 15 minutes (900 s).`
          : `\`lease.${key}\` is ${seconds} s.`,
      hint:
        shortest === SHORTEST_BY_MFA
          ? 'Lengthen it to `15m`, or open the role by gate `broker` alone.'
          : 'Give it a second or more.',
    };
  }
  return Number.isInteger(seconds)
    ? undefined
    : { message: `\`lease.${key}\` is ${seconds} s.`, hint: 'Give whole seconds.' };
}
