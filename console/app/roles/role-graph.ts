/** Who can access what through a role, as a graph: people and agents, the gate, the role, and its resources. */
import { graphlib, layout } from '@dagrejs/dagre';
import { mayNeedApproval, rolePermissions } from '@leasehold/broker/core';
import type { RoleView } from '@leasehold/contract';
import { largest } from '@leasehold/contract/any-length';
import { count, visible } from '@leasehold/contract/text';

export type NodeKind = 'approver' | 'agent' | 'group' | 'gate' | 'role' | 'resource';

interface GraphNode {
  readonly id: string;
  readonly kind: NodeKind;
  /** One or two lines. */
  readonly lines: readonly string[];
}

interface GraphEdge {
  readonly from: string;
  readonly to: string;
  readonly text: string;
}

export interface RoleGraph {
  readonly nodes: readonly GraphNode[];
  readonly edges: readonly GraphEdge[];
}

export interface PlacedNode extends GraphNode {
  /** The upper left corner. */
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

export interface PlacedGraph {
  readonly width: number;
  readonly height: number;
  readonly nodes: readonly PlacedNode[];
  readonly edges: readonly (GraphEdge & {
    readonly points: readonly { readonly x: number; readonly y: number }[];
    readonly at: { readonly x: number; readonly y: number };
  })[];
}

/** Maximum number of nodes of one kind that are drawn. One more node shows the number of other nodes. */
const MOST = 8;
/** Most characters of a line in a node. */
const LONGEST = 34;

/**
 * The graph of one role.
 * @throws {UnshownGrant} if a statement of the role cannot be shown completely
 */
export function graphOf(role: RoleView): RoleGraph {
  const { name, access, humans, reach } = role;
  const nodes: GraphNode[] = [];
  const edges: GraphEdge[] = [];
  const node = (kind: NodeKind, key: string, lines: readonly string[]): string => {
    const id = `${kind} ${key}`;
    if (!nodes.some((each) => each.id === id)) {
      nodes.push({ id, kind, lines: lines.map(fitting) });
    }
    return id;
  };
  const some = (kind: NodeKind, names: readonly string[], what: string, plural: string): readonly string[] => [
    ...names.slice(0, MOST).map((each) => node(kind, each, [each, what])),
    ...(names.length > MOST ? [node(kind, '…', [count(names.length - MOST, `more ${what}`, `more ${plural}`)])] : []),
  ];
  const target = node('role', name, [name, access]);
  const broker = node('gate', 'broker', ['broker', approvals(role)]);
  edges.push({ from: broker, to: target, text: '' });
  if (reach === undefined) {
    edges.push({ from: node('group', 'you', ['you']), to: broker, text: 'request' });
  } else {
    for (const from of some('agent', reach.agents, 'agent', 'agents'))
      edges.push({ from, to: broker, text: 'requests' });
    for (const from of some('group', reach.groups, 'group', 'groups'))
      edges.push({ from, to: broker, text: 'request' });
    const approvers = some('approver', reach.approvers, 'approver', 'approvers');
    if (mayNeedApproval(role)) {
      for (const from of approvers)
        edges.push({ from, to: broker, text: humans > 0 ? 'approves' : 'approves if asked' });
    }
    if (reach.mfaAgents.length > 0) {
      const code = node('gate', 'mfa', ['MFA', 'one code, one lease']);
      edges.push({ from: code, to: target, text: '' });
      for (const from of some('agent', reach.mfaAgents, 'agent', 'agents'))
        edges.push({ from, to: code, text: 'requests' });
      for (const from of approvers) edges.push({ from, to: code, text: 'gives code' });
    }
  }
  for (const { key, lines, text } of placesOf(role)) {
    edges.push({ from: target, to: node('resource', key, lines), text });
  }
  return { nodes, edges };
}

/** The second line of the broker's node. */
function approvals(role: RoleView): string {
  if (role.humans > 0) return count(role.humans, 'approval');
  return mayNeedApproval(role) ? 'approval if asked' : 'no approval';
}

/** The text, or its beginning if it is too long to draw. The facts and the policy beside the graph contain all of it. */
function fitting(text: string): string {
  const shown = visible(text);
  return shown.length > LONGEST ? `${shown.slice(0, LONGEST - 1)}…` : shown;
}

interface ReachedPlace {
  readonly key: string;
  readonly lines: readonly string[];
  readonly text: string;
}

/** The resources of the role, each with its actions. */
function placesOf(role: RoleView): readonly ReachedPlace[] {
  const actionsOn = new Map<string, Set<string>>();
  for (const { effect, actions, resources } of rolePermissions(role)) {
    if (effect === 'Deny') continue;
    for (const resource of resources) {
      const known = actionsOn.get(resource) ?? new Set();
      actionsOn.set(resource, known);
      for (const action of actions) known.add(action);
    }
  }
  for (const arn of role.managedPolicies ?? []) actionsOn.set(arn, new Set(['AWS-managed policy']));
  const places = [...actionsOn].map(([resource, actions]) => ({
    key: resource,
    lines: [serviceOf(resource), resource === '*' ? 'any resource' : shortened(resource)],
    text: actions.size === 1 ? [...actions].join() : count(actions.size, 'action'),
  }));
  if (places.length <= MOST) return places;
  const more = places.length - MOST;
  return [...places.slice(0, MOST), { key: '…', lines: [count(more, 'more resource')], text: '' }];
}

function serviceOf(resource: string): string {
  return resource === '*' ? 'AWS' : (resource.split(':')[2] ?? 'AWS');
}

function shortened(arn: string): string {
  return arn.split(':').slice(5).join(':') || arn;
}

const LINE = 17;
const CHARACTER = 7.4;
const PADDING = 12;

/** Assigns a position to every node, from left to right. */
export function placed({ nodes, edges }: RoleGraph): PlacedGraph {
  const graph = new graphlib.Graph();
  graph.setGraph({ rankdir: 'LR', nodesep: 14, ranksep: 56, edgesep: 10, marginx: 4, marginy: 4 });
  for (const { id, lines } of nodes) {
    const width = Math.max(64, largest(lines.map((line) => line.length)) * CHARACTER + PADDING * 2);
    graph.setNode(id, { width, height: lines.length * LINE + PADDING });
  }
  for (const { from, to, text } of edges) {
    graph.setEdge(from, to, { width: text.length * CHARACTER, height: LINE, labelpos: 'c', minlen: 1 });
  }
  layout(graph);
  const { width = 0, height = 0 } = graph.graph() as { width?: number; height?: number };
  return {
    width: Math.ceil(width),
    height: Math.ceil(height),
    nodes: nodes.map((node) => {
      const at = graph.node(node.id) as { x: number; y: number; width: number; height: number };
      return { ...node, x: at.x - at.width / 2, y: at.y - at.height / 2, width: at.width, height: at.height };
    }),
    edges: edges.map((edge) => {
      const at = graph.edge(edge.from, edge.to) as {
        points: { x: number; y: number }[];
        x?: number;
        y?: number;
      };
      return { ...edge, points: at.points, at: { x: at.x ?? 0, y: at.y ?? 0 } };
    }),
  };
}
