/**
 * Tests, in a live account, the assumptions about AWS on which Leasehold's policies depend. Reports the results and
 * removes the created resources.
 */
export type { Answer, Outcome } from './aws/answer';
export type { Configure, Service } from './aws/clients';
export type { ProbeClock } from './clock';
export { type ConformanceCode, ConformanceError } from './error';
export { PROBE_PATH, type TableScope } from './identities/definitions';
export type { Created, Kind } from './identities/ledger';
export type { Left } from './identities/remove';
export type { Federation, Patience } from './lab';
export { probes } from './list';
export { type ChosenNames, type NameFault, nameFault } from './names';
export { conformancePolicy } from './policy';
export {
  type Alternative,
  type ManualProbe,
  type Prerequisite,
  type Probe,
  type ProbeFacts,
  type ProbeResult,
  type RunnableProbe,
  TOPICS,
  type Topic,
  VERDICTS,
  type Verdict,
} from './probe';
export { reportJson } from './report/json';
export { reportMarkdown } from './report/markdown';
export { probesMarkdown } from './report/page';
export { type ConformanceReport, emptyReport, isConformant, type Probed } from './report/report';
export { type AccountOptions, type ConformOptions, cleanProbes, conform } from './run';
