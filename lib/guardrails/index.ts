/** Checks resolved definitions against the guardrails. */
export { type Checked, type CheckOptions, checkDefinitions, checkDraft, type WaivedFinding } from './check';
export type {
  Complaint,
  EnvironmentGuardrail,
  EnvironmentSubject,
  Guardrail,
  ProjectGuardrail,
  ProjectSubject,
  RoleGuardrail,
  RoleSubject,
} from './guardrail';
export { pageOf } from './guardrail';
export { isDeclaredPowerful } from './handed-roles';
export { guardrails } from './list';
export { inFileOrder } from './order';
