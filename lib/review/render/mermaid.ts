/**
 * Renders Mermaid flowcharts that show which identities can reach which resources, before and after the plan. Syntax:
 * https://mermaid.js.org/syntax/flowchart.html
 */

import { mermaidText } from '@leasehold/contract/text';
import type { AccessGraph, Review } from '../review';
import { clippedLine } from './plan-text';

/** Maximum number of nodes, and maximum number of edges, of a readable graph. */
const MOST_NODES = 16;
const MOST_EDGES = 24;
/** Maximum number of characters in a label. */
const LONGEST_LABEL = 100;

/**
 * The flowcharts before and after the plan. `undefined` if they are equal, or if one of them is too large to be
 * readable.
 */
export interface Flowcharts {
  /** The flowchart before the plan. Undefined if it would be empty. */
  readonly before?: string;
  /** The flowchart after the plan. Undefined if it would be empty. */
  readonly after?: string;
}

/**
 * Draws the graphs of a review. In the second graph, new edges have a thick line; in the first graph, removed edges
 * have a dotted line. Names are only labels, never ids, so a name cannot be mistaken for Mermaid syntax.
 */
export function flowcharts({ before, after }: Review['graph']): Flowcharts | undefined {
  if ([before, after].some(({ nodes, edges }) => nodes.length > MOST_NODES || edges.length > MOST_EDGES)) {
    return undefined;
  }
  const first = flowchart(before, after, '-.->');
  const second = flowchart(after, before, '==>');
  if (before.edges.length + after.edges.length === 0 || sameEdges(before, after)) return undefined;
  return {
    ...(before.edges.length > 0 ? { before: first } : {}),
    ...(after.edges.length > 0 ? { after: second } : {}),
  };
}

const SHAPES = { principal: ['[', ']'], role: ['([', '])'], service: ['[(', ')]'] } as const;

const STYLES = [
  '  classDef principal fill:#eef,stroke:#447,color:#222',
  '  classDef role fill:#fff1d6,stroke:#b60,color:#222',
  '  classDef service fill:#f6f6f6,stroke:#777,color:#222',
];

/** The flowchart of one side. An edge that does not exist on the other side is drawn with a different arrow. */
function flowchart(graph: AccessGraph, other: AccessGraph, arrowOfDifference: string): string {
  const ids = new Map(graph.nodes.map(({ id }, index) => [id, `n${index + 1}`]));
  const common = new Set(other.edges.map(edgeKey));
  const nodes = graph.nodes.map(({ id, label: text, kind }) => {
    const [open, close] = SHAPES[kind];
    return `  ${ids.get(id)}${open}${label(text)}${close}:::${kind}`;
  });
  const edges = graph.edges.flatMap((edge) => {
    const [from, to] = [ids.get(edge.from), ids.get(edge.to)];
    if (from === undefined || to === undefined) return [];
    const arrow = common.has(edgeKey(edge)) ? '-->' : arrowOfDifference;
    return [`  ${from} ${arrow}${edge.label === '' ? '' : `|${label(edge.label)}|`} ${to}`];
  });
  return ['flowchart LR', ...nodes, ...edges, ...STYLES].join('\n');
}

function sameEdges(a: AccessGraph, b: AccessGraph): boolean {
  const keys = new Set(a.edges.map(edgeKey));
  return a.edges.length === b.edges.length && b.edges.every((edge) => keys.has(edgeKey(edge)));
}

function edgeKey({ from, to, label: text }: AccessGraph['edges'][number]): string {
  return JSON.stringify([from, to, text]);
}

/** A quoted label on one line. Characters that Mermaid, Markdown or HTML could interpret become entity codes. */
function label(text: string): string {
  return `"${mermaidText(clippedLine(text, LONGEST_LABEL)) || ' '}"`;
}
