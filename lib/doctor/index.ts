/**
 * Verifies that a live AWS account matches the definitions, and that the agent's machine is configured safely.
 * Read-only.
 */

export type { AwsOptions } from './aws/aws';
export { doctorPolicy } from './aws/calls';
export type { VerifiedPasskeys, VerifyPasskeys } from './broker/verified-passkeys';
export {
  type CheckedBox,
  type ChecklistSection,
  checkedBoxes,
  checklist,
  checklistMarkdown,
  verificationsIn,
} from './checklist';
export { type Diagnosis, type ExamineOptions, examineAccount, examineMachine, type Verified } from './examine';
export { type FoundCredentials, type Machine, type MachineOptions, thisMachine } from './here/machine';
export { accountVerifications, machineVerifications, verifications } from './list';
export { diagnosisJson } from './report/json';
export { verificationsMarkdown } from './report/page';
export { type DiagnosisSarifOptions, diagnosisSarif } from './report/sarif';
export { countOf, isHealthy } from './report/summary';
export {
  type Damage,
  type DamageSeverity,
  type Observation,
  PARTS,
  type Part,
  type Unchecked,
  type Verification,
} from './verification';
