/** A report as JSON, for programs. */
import { VERDICTS } from '../probe';
import type { ConformanceReport } from './report';

/**
 * Version of the JSON format. Removing a field or changing its meaning increases the version; adding a field does not.
 */
const VERSION = 1;

/** The report as data. */
export function reportJson(report: ConformanceReport) {
  const { account, regions, run, startedAt, endedAt, probed, left, interrupted, otherHosts } = report;
  return {
    version: VERSION,
    account: account ?? null,
    regions,
    run: run ?? null,
    startedAt: startedAt ?? null,
    endedAt: endedAt ?? null,
    interrupted,
    otherHosts,
    probes: probed.map(({ probe, verdict, because, measured, answers }) => ({
      id: probe.id,
      topic: probe.topic,
      assumption: probe.assumption,
      tried: probe.tried,
      verdict,
      because,
      measured: measured ?? {},
      answers,
      consequence: probe.consequence,
      change: probe.change,
      alternative: probe.alternative ?? null,
    })),
    left: left.map(({ kind, name, why }) => ({ kind, name, why })),
    summary: Object.fromEntries(
      VERDICTS.map((verdict) => [verdict, probed.filter((each) => each.verdict === verdict).length]),
    ),
  };
}
