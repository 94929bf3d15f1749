/** Reads and checks a project for a command. */

import type { Definitions, DefinitionText } from '@leasehold/definitions';
import { type Finding, hasErrors, loadDefinitions, renderFindings } from '@leasehold/definitions';
import { checkDefinitions, checkDraft, inFileOrder } from '@leasehold/guardrails';
import type { CheckedProject } from './checked-project';
import type { Host } from './host';
import { renderWaivers } from './render/report';
import type { Shell } from './shell';

/** Reads the definitions in the files and in `texts`, and checks them against every guardrail. */
export async function checkProject(
  paths: readonly string[],
  host: Pick<Host, 'cwd' | 'today'>,
  texts: readonly DefinitionText[] = [],
): Promise<CheckedProject> {
  const { definitions, draft, findings, files } = loadDefinitions(paths, { cwd: host.cwd, texts });
  if (!definitions) {
    const more = draft === undefined ? [] : await checkDraft(draft, { today: host.today });
    return { definitions, findings: [...findings, ...more].sort(inFileOrder), files, waived: [] };
  }
  const checked = await checkDefinitions(definitions, { today: host.today });
  return { definitions, files, findings: [...findings, ...checked.findings], waived: checked.waived };
}

/**
 * Reads the definitions without checking guardrails, and reports errors. Returns undefined if the definitions cannot be
 * read.
 */
export function openProject(paths: readonly string[], shell: Shell): Definitions | undefined {
  return openFiles(paths, shell)?.definitions;
}

/** The definitions, and the texts of their files, which were read only once. */
export interface OpenFiles {
  readonly definitions: Definitions;
  readonly texts: readonly DefinitionText[];
}

/** The same as {@link openProject}, for a command that changes the files. */
export function openFiles(paths: readonly string[], shell: Shell): OpenFiles | undefined {
  const { definitions, findings, texts } = loadDefinitions(paths, { cwd: shell.host.cwd });
  tellFindings(findings, shell);
  return definitions && { definitions, texts };
}

/**
 * Reports a project's findings and the waivers that are valid now. Returns the definitions, unless a finding is an
 * error.
 */
export function soundDefinitions(project: CheckedProject, shell: Shell): Definitions | undefined {
  const { definitions, findings, waived } = project;
  const { host, err } = shell;
  tellFindings(findings, shell);
  if (waived.length > 0) host.err(`${renderWaivers(waived, host.today, err)}\n\n`);
  return hasErrors(findings) ? undefined : definitions;
}

function tellFindings(findings: readonly Finding[], { host, err }: Shell): void {
  if (findings.length > 0) host.err(`${renderFindings(findings, { color: err.on })}\n`);
}
