/** The generated part of docs/conformance.md. A test holds the page to it. */
import { probes } from '../list';
import { reportMarkdown } from './markdown';
import { emptyReport } from './report';

/** The template of a report, without its title: every probe is `not run`. */
export function probesMarkdown(): string {
  return reportMarkdown(emptyReport(probes))
    .replace(/^# .*\n\n/, '')
    .trimEnd();
}
