/** Reads YAML into validated, resolved definitions, with file, line and column for every finding. */
export { complaintPages } from './complaints';
export { type Finding, hasErrors, type Severity, type SourceRange } from './finding';
export { jsonSchema, jsonSchemaText } from './json-schema';
export { type DefinitionText, type Loaded, type LoadOptions, loadDefinitions } from './load';
export type {
  Access,
  Agent,
  Alerts,
  Allow,
  AssumedRole,
  Backend,
  Binding,
  Broker,
  BrokerRules,
  Budget,
  CognitoSignIn,
  ConsoleDomain,
  Definitions,
  Environment,
  ExternalRole,
  Gate,
  Identity,
  Locate,
  MixedAccess,
  OidcSignIn,
  Parameter,
  Partition,
  PassedRole,
  Path,
  People,
  PerCall,
  PinnedPolicy,
  Principal,
  Reviewer,
  ReviewerMode,
  Role,
  SensitiveRead,
  SignIn,
  SqlLimit,
  TokenIssuer,
  Waiver,
} from './model';
export { nearest } from './nearest';
export { matchesParameter, ParameterPattern } from './parameter-alphabet';
export type { PatternProblem } from './pattern-problem';
export { type RenderOptions, renderFinding } from './render';
export { renderBlocks, renderFindings } from './render-blocks';
export { narrowingVariable, UNRESOLVED } from './template';
