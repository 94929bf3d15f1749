/**
 * Renders a Mermaid flowchart of who can access which resources: approvers → agent → gate → role → resources. Syntax:
 * https://mermaid.js.org/syntax/flowchart.html
 */
import { mermaidText } from '@leasehold/contract/text';
import type { Agent, Environment, Gate, Role } from '@leasehold/definitions';
import { managedArns, managedName, mfaAgents, stackName } from '@leasehold/documents';
import { parseArn } from '@leasehold/policy';
import { count } from './text';

/** The flowchart for the given environments, with one subgraph for each environment. The output is deterministic. */
export function renderGraph(environments: readonly Environment[]): string {
  const lines = ['flowchart LR', ...environments.flatMap(environmentLines), ...STYLES];
  return `${lines.join('\n')}\n`;
}

/** Maximum number of actions listed on an edge. Further actions are only counted. */
const NAMED_ACTIONS = 3;

const STYLES = [
  '  classDef human fill:#fff,stroke:#555,color:#222',
  '  classDef agent fill:#eef,stroke:#447,color:#222',
  '  classDef gate fill:#fff7e0,stroke:#a70,color:#222',
  '  classDef read fill:#eafaf0,stroke:#385,color:#222',
  '  classDef write fill:#fff1d6,stroke:#b60,color:#222',
  '  classDef delete fill:#fde8e8,stroke:#b22,color:#222',
  '  classDef resource fill:#f6f6f6,stroke:#777,color:#222',
];

function environmentLines(environment: Environment, index: number): readonly string[] {
  const drawing = new Drawing(`e${index + 1}`);
  // An agent without a role is drawn as well, because it is useful to see that the agent reaches nothing.
  for (const agent of environment.agents) drawAgent(drawing, agent);
  for (const role of environment.roles) {
    const target = drawing.node('role', role.name, `([${label(role.name, role.access)}])`, role.access);
    for (const gate of role.gates) drawGate(drawing, gate, role, environment, target);
    for (const { service, resource, actions } of reach(role)) {
      const text = label(service, shortened(resource, environment));
      const place = drawing.node('resource', `${service} ${resource}`, `[(${text})]`, 'resource');
      drawing.edge(target, place, labelOf(actionNames(actions)));
    }
  }
  const title = label(stackName(environment), `account ${environment.account}, ${environment.region}`);
  return [`  subgraph ${drawing.prefix}[${title}]`, ...drawing.lines().map((line) => `    ${line}`), '  end'];
}

/**
 * Draws one gate node for each set of agents, and for each number of approvals. If two agents with different roles
 * shared a node, the graph would connect each agent to the other agent's roles.
 */
function drawGate(drawing: Drawing, gate: Gate, role: Role, environment: Environment, target: string): void {
  const agents =
    gate === 'mfa'
      ? mfaAgents(role, environment)
      : environment.agents.filter((agent) => role.agents.includes(agent.name));
  if (agents.length === 0) return;
  const text = gate === 'mfa' ? label('MFA', 'one code, one lease') : label('broker');
  const approval = gate === 'mfa' ? 'MFA code' : approvalText(role, environment);
  const names = agents.map(({ name }) => name).join(' ');
  const door = drawing.node('gate', `${gate} ${approval} ${names}`, `{{${text}}}`, 'gate');
  for (const agent of agents) drawing.edge(drawAgent(drawing, agent), door, label('asks'));
  const approved = gate === 'mfa' ? agents.map((agent) => drawAgent(drawing, agent)) : [door];
  if (approval !== undefined) {
    for (const approver of environment.approvers) {
      const human = drawing.node('approver', approver, `([${label(approver)}])`, 'human');
      for (const to of approved) drawing.edge(human, to, label(approval));
    }
  }
  drawing.edge(door, target);
}

/** What approvers do at the broker. Undefined if nobody has to approve a lease of the role. */
function approvalText({ broker }: Role, { approvers }: Environment): string | undefined {
  if (broker === undefined) return undefined;
  if (broker.humans > 0) return `approves, ${broker.humans} of ${approvers.length}`;
  return broker.reviewer === 'off' ? undefined : 'approves if the reviewer asks';
}

function drawAgent(drawing: Drawing, agent: Agent): string {
  return drawing.node('agent', agent.name, `[${label(agent.name, agent.identity.type)}]`, 'agent');
}

/** Nodes and edges in the order in which they were first drawn. */
class Drawing {
  private readonly nodes = new Map<string, { readonly id: string; readonly line: string }>();
  private readonly edges = new Set<string>();

  constructor(readonly prefix: string) {}

  /**
   * The id of the node with this kind and key. If the node is new, it is drawn. Ids are numbers, so a name cannot be
   * mistaken for Mermaid syntax.
   */
  node(kind: string, key: string, shape: string, style: string): string {
    const known = this.nodes.get(`${kind} ${key}`);
    if (known) return known.id;
    const id = `${this.prefix}_${kind}${this.nodes.size + 1}`;
    this.nodes.set(`${kind} ${key}`, { id, line: `${id}${shape}:::${style}` });
    return id;
  }

  edge(from: string, to: string, text?: string): void {
    this.edges.add(text === undefined ? `${from} --> ${to}` : `${from} -->|${text}| ${to}`);
  }

  lines(): readonly string[] {
    return [...[...this.nodes.values()].map(({ line }) => line), ...this.edges];
  }
}

interface Reach {
  readonly service: string;
  readonly resource: string;
  readonly actions: readonly string[];
}

/** What a role may access: each resource with its actions, and the condition keys that apply. */
function reach(role: Role): readonly Reach[] {
  const found = new Map<string, { service: string; resource: string; actions: Set<string> }>();
  for (const { actions, resources, conditions } of role.allow) {
    const keys = Object.values(conditions).flatMap((block) => Object.keys(block));
    const proviso = keys.length > 0 ? ` if ${keys.join(' and ')}` : '';
    const services = new Set(resources.map((resource) => parseArn(resource)?.service));
    for (const resource of resources) {
      const own = parseArn(resource)?.service;
      // Actions without an ARN in their own service are drawn at the other resources. For example, an action of
      // `rds-data` works on an ARN of `rds`.
      const same = actions.filter((action) => serviceOf(action) === own);
      const homeless = actions.filter((action) => !services.has(serviceOf(action)));
      const here = own === undefined ? actions : [same, homeless, actions].find((list) => list.length > 0);
      for (const action of here ?? []) {
        const service = own ?? serviceOf(action);
        const key = `${service} ${resource}`;
        const place = found.get(key) ?? { service, resource, actions: new Set() };
        found.set(key, place);
        place.actions.add(action + proviso);
      }
    }
  }
  const managed = managedArns(role).map((arn) => ({
    service: managedName(arn),
    resource: '*',
    actions: ['AWS-managed'],
  }));
  return [...[...found.values()].map((place) => ({ ...place, actions: [...place.actions] })), ...managed];
}

function serviceOf(action: string): string {
  return action.split(':', 1)[0]?.toLowerCase() ?? action;
}

function actionNames(actions: readonly string[]): readonly string[] {
  return actions.length > NAMED_ACTIONS ? [count(actions.length, 'action')] : actions;
}

/** An ARN without the account and region, which the environment's title already shows. */
function shortened(resource: string, environment: Environment): string {
  if (resource === '*') return 'any resource';
  const arn = parseArn(resource);
  if (!arn) return resource;
  const here =
    (arn.account === '' || arn.account === environment.account) &&
    (arn.region === '' || arn.region === environment.region) &&
    arn.partition === environment.partition;
  return here ? arn.resource : resource;
}

/**
 * A quoted label with one or more lines. Characters that Mermaid could interpret as syntax or HTML become entity codes.
 */
function label(...lines: readonly string[]): string {
  return labelOf(lines);
}

function labelOf(lines: readonly string[]): string {
  return `"${lines.map((line) => mermaidText(line.replace(/\s+/gu, ' '))).join('<br/>')}"`;
}
