/** Types for guardrails. A guardrail is a rule that resolved definitions must not violate. */
import type { Definitions, Environment, Role, Severity, SourceRange } from '@leasehold/definitions';
import type { Catalogue } from '@leasehold/policy';

/** A violation of a guardrail. The id, the page and (by default) the severity come from the guardrail. */
export interface Complaint {
  /** The violation, as one sentence that contains the invalid value. */
  readonly message: string;
  /** The expected value, if the message does not contain it. */
  readonly expected?: string;
  /** How to fix the violation, as one imperative sentence. */
  readonly hint: string;
  readonly at: SourceRange;
  /** @default the guardrail's severity */
  readonly severity?: Severity;
}

/** One role in one environment, with the action catalogue of every service that occurs in the definitions. */
export interface RoleSubject {
  readonly role: Role;
  readonly environment: Environment;
  readonly catalogue: Catalogue;
}

/** The input of a guardrail for one environment. */
export interface EnvironmentSubject {
  readonly environment: Environment;
}

/** The input of a guardrail for all environments together. */
export interface ProjectSubject {
  readonly definitions: Definitions;
}

interface Described {
  /** Stable kebab-case id, to which waivers refer. */
  readonly id: string;
  /** What the guardrail requires, as a sentence. */
  readonly title: string;
  readonly severity: Severity;
  /** The page that explains the reason and the fix, relative to the repository. */
  readonly page: string;
  /** Why waivers cannot suppress the guardrail; undefined if waivers can suppress the guardrail. */
  readonly unwaivable?: string;
}

/** A rule that is checked for each role in each environment. */
export interface RoleGuardrail extends Described {
  readonly over: 'role';
  check(subject: RoleSubject): Iterable<Complaint>;
}

/** A rule that is checked for each environment. */
export interface EnvironmentGuardrail extends Described {
  readonly over: 'environment';
  check(subject: EnvironmentSubject): Iterable<Complaint>;
}

/** A rule over all environments together. */
export interface ProjectGuardrail extends Described {
  readonly over: 'project';
  check(subject: ProjectSubject): Iterable<Complaint>;
}

/** A rule that definitions must not break. */
export type Guardrail = RoleGuardrail | EnvironmentGuardrail | ProjectGuardrail;

/** The page of a guardrail. */
export function pageOf(id: string): string {
  return `docs/guardrails/${id}.md`;
}
