/** Generates a part of docs/conformance.md. A test checks that the page contains the generated part. */
import { probes } from '../list';
import { reportMarkdown } from './markdown';
import { emptyReport } from './report';

/** The template of a report, without its title: every probe is `not run`. */
export function probesMarkdown(): string {
  return reportMarkdown(emptyReport(probes))
    .replace(/^# .*\n\n/, '')
    .trimEnd();
}
