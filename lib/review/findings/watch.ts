/** Checks the monitoring of an account: alerts, trails and logs. */

import { sameValue } from '../diff/equal-values';
import type { Watched } from '../model';
import type { ReviewFinding, Severity } from '../review';
import type { WatchedType } from '../types/watched-types';
import { isTrue, isUnread, listAt, nowLacks, show, valueAt, valuesOf } from './attributes';
import { type Change, type Check, type FindingKind, finding } from './finding';

const alert: FindingKind = {
  id: 'alert-weakened',
  title: 'An alert is removed or weakened',
  severities: ['high', 'medium'],
  why: 'Nobody responds to an event that raises no alert.',
  hint: 'Keep the alert, or state in the pull request what replaces it.',
};

const trail: FindingKind = {
  id: 'trail-weakened',
  title: 'A trail is removed or records less',
  severities: ['critical', 'high'],
  why: 'Without the trail, nobody can find out afterwards who did what, and the alerts receive no events.',
  hint: 'Make sure that the trail still records management events of all regions, with log file validation.',
};

const retention: FindingKind = {
  id: 'log-retention-shortened',
  title: 'Logs are kept for a shorter time, or no longer kept',
  severities: ['high', 'medium'],
  why: 'Incidents are often investigated months later.',
  hint: 'Keep the retention period, or send the logs to another destination that keeps them.',
};

export const watch: Check = {
  kinds: [alert, trail, retention],
  *find({ watched }) {
    const schedules = schedulesOf(watched);
    for (const change of watched) {
      if (change.after !== undefined) yield* hidden(change, change.after);
      if (change.before === undefined || ofSchedule(change.before, schedules)) continue;
      const judge = JUDGES[change.before.type];
      if (judge !== undefined) yield* judge(change, change.before);
    }
  },
};

/** For each type, a test that detects rules that hide security findings from people. */
const HIDES: Readonly<Partial<Record<WatchedType, (values: unknown) => boolean>>> = {
  aws_accessanalyzer_archive_rule: () => true,
  aws_guardduty_filter: (values) => valueAt(values, 'action') !== 'NOOP',
};

function* hidden({ before }: Change<Watched>, { type, place, values }: Watched): Iterable<ReviewFinding> {
  if (HIDES[type]?.(values) !== true) return;
  if (before !== undefined && sameValue(before.values, values)) return;
  yield finding(alert, { place, severity: 'medium', message: `${place.address} puts findings away unseen.` });
}

/**
 * Names of rules that run on a schedule instead of matching events. Such a rule starts a task, but does not alert
 * anyone.
 */
function schedulesOf(watched: Iterable<Change<Watched>>): ReadonlySet<unknown> {
  const names = new Set<unknown>();
  for (const { before } of watched) {
    if (before?.type !== 'aws_cloudwatch_event_rule' || !isSchedule(before)) continue;
    for (const name of ['name', 'id', 'arn']) names.add(valueAt(before.values, name) ?? before.key);
  }
  return names;
}

function isSchedule({ values }: Watched): boolean {
  const text = (name: string) => valueAt(values, name) ?? '';
  return text('schedule_expression') !== '' && text('event_pattern') === '';
}

/** Whether a resource is a rule that runs on a schedule, or a target of such a rule. */
function ofSchedule(before: Watched, schedules: ReadonlySet<unknown>): boolean {
  if (before.type === 'aws_cloudwatch_event_rule') return isSchedule(before);
  return before.type === 'aws_cloudwatch_event_target' && schedules.has(valueAt(before.values, 'rule'));
}

type Judge = (change: Change<Watched>, before: Watched) => Iterable<ReviewFinding>;

const JUDGES: Readonly<Partial<Record<WatchedType, Judge>>> = {
  aws_cloudwatch_event_rule: rule,
  aws_cloudwatch_event_target: whole(alert, 'The target of an alert rule', [
    'arn',
    'rule',
    'event_bus_name',
    'input',
    'input_path',
  ]),
  aws_cloudwatch_metric_alarm: alarm,
  aws_cloudwatch_log_metric_filter: whole(alert, 'What an alarm counts', ['pattern', 'log_group_name']),
  aws_sns_topic: whole(alert, 'The topic that alerts go to', []),
  aws_sns_topic_subscription: whole(alert, 'Who is told', ['endpoint', 'protocol', 'topic_arn', 'filter_policy']),
  aws_guardduty_detector: switchOf(alert, 'enable'),
  aws_config_configuration_recorder: whole(trail, 'The configuration recorder', ['recording_group']),
  aws_guardduty_detector_feature: whole(alert, 'A feature of the detector', ['status']),
  aws_guardduty_publishing_destination: whole(alert, 'Where the detector reports to', ['destination_arn']),
  aws_accessanalyzer_analyzer: whole(alert, 'The analyzer', ['type']),
  aws_cloudwatch_composite_alarm: alarm,
  aws_inspector2_enabler: whole(alert, 'The scanner', ['account_ids', 'resource_types']),
  aws_macie2_account: whole(alert, 'Macie', ['status']),
  aws_securityhub_account: whole(alert, 'Security Hub', []),
  aws_detective_graph: whole(alert, 'Detective', []),
  aws_config_configuration_recorder_status: switchOf(trail, 'is_enabled'),
  aws_config_delivery_channel: whole(trail, 'Where the configuration recorder writes', ['s3_bucket_name']),
  aws_flow_log: whole(trail, 'The flow log', ['traffic_type', 'log_destination']),
  aws_securitylake_data_lake: whole(trail, 'The security lake', []),
  aws_cloudtrail: cloudtrail,
  aws_cloudtrail_event_data_store: whole(trail, 'The event data store', ['retention_period', 'multi_region_enabled']),
  aws_cloudwatch_log_group: logGroup,
};

/** A check that reports any change to the attributes, and the removal of the resource. */
function whole(kind: FindingKind, what: string, attributes: readonly string[]): Judge {
  return function* ({ before, after, key }, { place }) {
    if (after === undefined) {
      yield finding(kind, { place, message: `${what} ${place.address} is removed.` });
      return;
    }
    for (const attribute of attributes) {
      const [earlier, later] = valuesOf({ key, before, after }, attribute);
      if (sameValue(earlier ?? null, later ?? null)) continue;
      yield finding(kind, {
        place: { address: after.place.address, attribute },
        severity: 'medium' as Severity,
        message: `${what} ${after.place.address} changes ${attribute} from ${show(earlier)} to ${show(later)}.`,
      });
    }
  };
}

function switchOf(kind: FindingKind, attribute: string): Judge {
  return function* (change, { place, type }) {
    if (change.after === undefined) {
      yield finding(kind, { place, message: `${place.address} (${type}) is removed.` });
    } else if (nowLacks(change, attribute, isTrue)) {
      yield finding(kind, {
        place: { address: change.after.place.address, attribute },
        message: `${change.after.place.address} is switched off.`,
      });
    }
  };
}

function* rule(change: Change<Watched>, { place }: Watched): Iterable<ReviewFinding> {
  const { after } = change;
  if (after === undefined) {
    yield finding(alert, { place, message: `The alert rule ${place.address} is removed.` });
    return;
  }
  const at = (attribute: string) => ({ address: after.place.address, attribute });
  const [was, is] = valuesOf(change, 'state');
  const listens = (state: unknown) => typeof state === 'string' && state.startsWith('ENABLED');
  if (listens(was) && !listens(is)) {
    yield finding(alert, {
      place: at('state'),
      message: `The alert rule ${after.place.address} now has the state ${show(is)}.`,
    });
  } else if (was === ALL_EVENTS && is !== ALL_EVENTS) {
    yield finding(alert, {
      place: at('state'),
      message: `The alert rule ${after.place.address} no longer receives read-only events.`,
    });
  }
  if (nowLacks(change, 'is_enabled', (value) => value === true) && valueAt(after.values, 'is_enabled') !== undefined) {
    yield finding(alert, {
      place: at('is_enabled'),
      message: `The alert rule ${after.place.address} is disabled.`,
    });
  }
  const [pattern, later] = valuesOf(change, 'event_pattern');
  if (!samePattern(pattern, later)) {
    yield finding(alert, {
      place: at('event_pattern'),
      message: `The alert rule ${after.place.address} no longer matches the same events as before.`,
    });
  }
}

const ALL_EVENTS = 'ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS';

/** Whether two texts contain the same JSON, ignoring the order of lists. */
function samePattern(one: unknown, other: unknown): boolean {
  if (isUnread(one) || isUnread(other)) return false;
  if (one === other) return true;
  try {
    return sameValue(sortedJson(JSON.parse(String(one))), sortedJson(JSON.parse(String(other))));
  } catch {
    return false;
  }
}

function sortedJson(value: unknown): unknown {
  if (Array.isArray(value)) {
    return value.map(sortedJson).sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1));
  }
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, inner]) => [key, sortedJson(inner)]),
  );
}

function* alarm(change: Change<Watched>, { place, values }: Watched): Iterable<ReviewFinding> {
  const { after } = change;
  if (after === undefined) {
    yield finding(alert, { place, message: `The alarm ${place.address} is removed.` });
    return;
  }
  const at = (attribute: string) => ({ address: after.place.address, attribute });
  if (nowLacks(change, 'actions_enabled', (value) => value !== false && !isUnread(value))) {
    yield finding(alert, {
      place: at('actions_enabled'),
      message: `The alarm ${after.place.address} no longer notifies anybody.`,
    });
  }
  const told = new Set(listAt(after.values, 'alarm_actions'));
  const lost = listAt(values, 'alarm_actions').filter((action) => !told.has(action));
  if (lost.length > 0) {
    yield finding(alert, {
      place: at('alarm_actions'),
      message: `The alarm ${after.place.address} no longer tells ${lost.map(show).join(', ')}.`,
    });
  }
  for (const attribute of [
    'threshold',
    'comparison_operator',
    'metric_name',
    'namespace',
    'alarm_rule',
    'treat_missing_data',
  ]) {
    const [was, is] = valuesOf(change, attribute);
    if (sameValue(was ?? null, is ?? null)) continue;
    yield finding(alert, {
      place: at(attribute),
      severity: 'medium',
      message: `For the alarm ${after.place.address}, ${attribute} changes from ${show(was)} to ${show(is)}.`,
    });
  }
}

function* cloudtrail(change: Change<Watched>, { place }: Watched): Iterable<ReviewFinding> {
  const { after } = change;
  if (after === undefined) {
    yield finding(trail, { place, message: `The trail ${place.address} is removed.` });
    return;
  }
  const at = (attribute: string) => ({ address: after.place.address, attribute });
  for (const [attribute, words] of SWITCHES) {
    if (!nowLacks(change, attribute, (value) => value !== false && value !== 'false' && !isUnread(value))) continue;
    yield finding(trail, { place: at(attribute), message: `The trail ${after.place.address} ${words}.` });
  }
  // Options that are off by default.
  for (const [attribute, words] of OPTIONS) {
    if (!nowLacks(change, attribute, isTrue)) continue;
    yield finding(trail, {
      place: at(attribute),
      severity: 'high',
      message: `The trail ${after.place.address} ${words}.`,
    });
  }
  for (const attribute of [
    's3_bucket_name',
    'event_selector',
    'advanced_event_selector',
    'kms_key_id',
    's3_key_prefix',
  ]) {
    const [was, is] = valuesOf(change, attribute);
    if (sameValue(was ?? null, is ?? null) || (empty(was) && empty(is))) continue;
    yield finding(trail, {
      place: at(attribute),
      severity: 'high',
      message: `For the trail ${after.place.address}, ${attribute} changes from ${show(was)} to ${show(is)}.`,
    });
  }
}

const SWITCHES = [['enable_logging', 'no longer records']] as const;
const OPTIONS = [
  ['is_multi_region_trail', 'no longer records all regions'],
  ['include_global_service_events', "no longer records IAM's and STS's events"],
  ['enable_log_file_validation', 'no longer proves that its files were not changed'],
  ['is_organization_trail', 'no longer records all accounts of the organization'],
] as const;

function empty(value: unknown): boolean {
  return value === undefined || value === null || value === '' || (Array.isArray(value) && value.length === 0);
}

function* logGroup(change: Change<Watched>, { place }: Watched): Iterable<ReviewFinding> {
  const { after } = change;
  if (after === undefined) {
    yield finding(retention, {
      place,
      message: `The log group ${place.address} is removed, together with all its events.`,
    });
    return;
  }
  const [was, is] = valuesOf(change, 'retention_in_days');
  if (sameValue(was ?? null, is ?? null)) return;
  // Zero means that logs are kept forever.
  const days = (value: unknown) => (value === 0 || empty(value) ? Number.POSITIVE_INFINITY : Number(value));
  if (!isUnread(is) && days(is) >= days(was)) return;
  yield finding(retention, {
    place: { address: after.place.address, attribute: 'retention_in_days' },
    severity: 'medium',
    message: `The log group ${after.place.address} keeps its events ${isUnread(is) ? 'nobody knows how long' : `${days(is)} days`} instead of ${days(was) === Number.POSITIVE_INFINITY ? 'for ever' : `${days(was)} days`}.`,
  });
}
