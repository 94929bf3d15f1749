/**
 * `@leasehold/runtime/broker`: typed, signed and validated calls for every operation of a broker, for people and
 * their tools.
 */

export type {
  AdministrationRecord,
  BudgetList,
  Collected,
  EventList,
  GroupList,
  LeaseList,
  LeaseView,
  PrincipalBody,
  PrincipalList,
  PrincipalView,
  Problem,
  ProblemCode,
  Proposal,
  ProposeBody,
  RequestBody,
  RevocationAnswer,
  RevocationList,
  RevokeManyBody,
  RoleList,
  RoleView,
  StoredEvent,
} from '@leasehold/contract';
export { BrokerProblem } from '../errors';
export { brokerEndpoint, stsEndpoint } from '../lease/endpoint';
export type {
  BrokerClient,
  BrokerClientOptions,
  CallOptions,
  CollectedLease,
  RequestedLease,
  SignedInPerson,
} from './broker-client';
export { ConsoleAddress } from './console-address';
export { createBrokerClient } from './create-broker-client';
