/** Findings as JSON, for programs. */
import type { Finding } from '@leasehold/definitions';
import type { CheckedProject } from '../checked-project';
import { tally } from './report';

/**
 * Version of the JSON format. The version changes if a field is removed or a field's meaning changes, but not if a
 * field is added.
 */
const VERSION = 1;

/**
 * The result of a check as data. Lines and columns are counted from 1, columns in UTF-16 code units. End positions are
 * exclusive.
 */
export function findingsJson({ definitions, files, findings, waived }: CheckedProject) {
  const environments = definitions?.environments ?? [];
  return {
    version: VERSION,
    findings: findings.map(findingJson),
    waived: waived.map(({ guardrail, role, because, until, finding }) => ({
      guardrail,
      role,
      because,
      until,
      finding: findingJson(finding),
    })),
    summary: {
      project: definitions?.project ?? null,
      files,
      environments: environments.map(({ name }) => name),
      roles: [...new Set(environments.flatMap(({ roles }) => roles.map(({ name }) => name)))].sort(),
      errors: tally(findings, 'error'),
      warnings: tally(findings, 'warning'),
      notes: tally(findings, 'note'),
      waived: waived.length,
    },
  };
}

function findingJson({ id, severity, message, expected, hint, at, environment, page }: Finding) {
  const { file, line, column, endLine, endColumn } = at;
  // JSON omits undefined values.
  return { id, severity, message, expected, hint, at: { file, line, column, endLine, endColumn }, environment, page };
}
