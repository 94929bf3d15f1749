/** CDKTF constructs for your own app, and a function that synthesizes a whole project. */
export { AgentIdentity, type AgentIdentityProps } from './agent-identity';
export { Alerts, type AlertsProps } from './alerts';
export { BrokerRole, type BrokerRoleProps } from './broker-role';
export { LeaseholdStack, type LeaseholdStackProps } from './leasehold-stack';
export { type ModuleVariable, moduleVariables } from './module/module-variables';
export {
  type OpenEnvironment,
  type SynthesizedModule,
  type SynthesizeModulesOptions,
  synthesizeModulesUnchecked,
} from './module/synthesize-modules';
export { PurposeRole, type PurposeRoleProps } from './purpose-role';
export { RoleBoundary, type RoleBoundaryProps } from './role-boundary';
export {
  GuardrailError,
  type SynthesizedStack,
  type SynthesizeOptions,
  synthesize,
  synthesizeUnchecked,
} from './synthesize';
export { Trail, type TrailProps } from './trail';
