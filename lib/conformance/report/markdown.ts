/** A report as Markdown, for people and for an audit. */
import { onOneLine } from '@leasehold/contract/text';
import type { Answer } from '../aws/answer';
import { TOPICS, type Topic, VERDICTS } from '../probe';
import type { ConformanceReport, Probed } from './report';

export const HEADINGS: Readonly<Record<Topic, string>> = {
  mfa: 'A human’s code',
  session: 'Sessions and revocation',
  scoped: 'GetScopedCredentials',
  policies: 'Policies and quotas',
  console: 'Console',
  services: 'Services',
  broker: 'The deployed broker',
};

/** The report. It contains account ids, names and request ids, but no secrets. */
export function reportMarkdown(report: ConformanceReport): string {
  return `${[...head(report), summary(report), ...TOPICS.flatMap((topic) => section(topic, report))].join('\n\n')}\n`;
}

function head({
  account,
  regions,
  run,
  startedAt,
  endedAt,
  left,
  interrupted,
  otherHosts,
}: ConformanceReport): readonly string[] {
  const facts =
    account === undefined
      ? 'No probe was run: this is only the template of a report.'
      : `Account ${account}, regions ${regions.join(', ')}, run \`${run}\`, from ${startedAt} to ${endedAt}.`;
  return [
    '# Conformance',
    facts,
    ...(otherHosts.length === 0
      ? []
      : [`**Calls went to ${otherHosts.map(escaped).join(', ')}, not to AWS.** This report states nothing about AWS.`]),
    ...(interrupted ? ['**The run was interrupted.** Probes after the interruption were not run.'] : []),
    ...(left.length === 0
      ? account === undefined
        ? []
        : ['Everything that the run created was removed.']
      : [
          `**Not removed:** ${left.map(({ kind, name, why }) => `${kind} \`${name}\` (${escaped(why)})`).join('; ')}. Run \`leasehold conformance --clean\`.`,
        ]),
  ];
}

function summary({ probed }: ConformanceReport): string {
  const counts = VERDICTS.map((verdict) => `${probed.filter((each) => each.verdict === verdict).length} ${verdict}`);
  return [
    `${counts.join(', ')}.`,
    '',
    '| probe | assumption | verdict |',
    '| --- | --- | --- |',
    ...probed.map(({ probe, verdict }) => `| \`${probe.id}\` | ${probe.assumption} | ${marked(verdict)} |`),
  ].join('\n');
}

function marked(verdict: Probed['verdict']): string {
  return verdict === 'violated' ? '**violated**' : verdict;
}

function section(topic: Topic, { probed }: ConformanceReport): readonly string[] {
  const own = probed.filter(({ probe }) => probe.topic === topic);
  return own.length === 0 ? [] : [`## ${HEADINGS[topic]}`, ...own.flatMap(details)];
}

function details({ probe, verdict, because, measured, answers }: Probed): readonly string[] {
  const { alternative } = probe;
  return [
    `### ${probe.id}`,
    `${probe.assumption}.`,
    [
      `- Verdict: ${marked(verdict)}. ${escaped(because)}`,
      `- How it is tried: ${probe.tried}`,
      `- If it is wrong: ${probe.consequence}`,
      `- What to change then: ${probe.change}`,
      ...(alternative === undefined
        ? []
        : [`- Choice in the definitions: \`${alternative.key}: ${alternative.value}\`.`]),
    ].join('\n'),
    ...(measured === undefined ? [] : [measurements(measured)]),
    ...(answers.length === 0 ? [] : [evidence(answers)]),
  ];
}

function measurements(measured: Readonly<Record<string, string>>): string {
  return [
    '| measured | |',
    '| --- | --- |',
    ...Object.entries(measured).map(([name, value]) => `| ${escaped(name)} | ${escaped(value)} |`),
  ].join('\n');
}

function evidence(answers: readonly Answer[]): string {
  return [
    '| call | with | region | AWS answered | request id |',
    '| --- | --- | --- | --- | --- |',
    ...answers.map(({ call, what, region, outcome, code, message, requestId }) => {
      const answered = [outcome, code, message].filter((part) => part !== undefined && part !== '').join(': ');
      return `| ${call} | ${escaped(what)} | ${region} | ${escaped(answered)} | ${escaped(requestId ?? '')} |`;
    }),
  ].join('\n');
}

/** Escapes a text from AWS for a table cell, so that the text cannot contain a line break or Markdown markup. */
function escaped(text: string): string {
  return onOneLine(text).replace(/[\\`*_[\]<>#|~&$!@]/g, '\\$&');
}
