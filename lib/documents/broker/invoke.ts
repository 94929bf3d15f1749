/** Which callers may call which routes of the broker. */
import { type CallerKind, ROUTES, type Route } from '@leasehold/contract/routes';
import type { Agent, Environment } from '@leasehold/definitions';
import { brokerApiArn, isBrokered } from './names';

/** ARNs of the routes that a kind of caller may call, in the order of the route table. */
export function routeArns(kind: CallerKind, environment: Environment): readonly string[] {
  return Object.values<Route>(ROUTES)
    .filter(({ callers }) => callers.includes(kind))
    .map(({ method, path }) => brokerApiArn(environment, `${method}${path.replace(/\{[^}]*\}/g, '*')}`));
}

/** Whether an agent may ask the broker for at least one role. */
export function asksBroker(agent: Agent, environment: Environment): boolean {
  if (environment.broker === undefined) return false;
  return environment.roles.some((role) => isBrokered(role) && role.broker?.eligible.agents.includes(agent.name));
}
