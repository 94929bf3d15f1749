import type { RoleView } from '@leasehold/contract';
import { useMemo } from 'react';
import { graphOf, type PlacedGraph, placed } from './role-graph.ts';

/**
 * Who can access what through a role, drawn from left to right. The facts beside the drawing contain the same
 * information in words.
 */
export function GraphDrawing({ role }: { readonly role: RoleView }) {
  const graph = useMemo(() => placed(graphOf(role)), [role]);
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable with the keyboard
    <section className="graph" aria-label="Graph" tabIndex={0}>
      <svg
        role="img"
        aria-label={inWords(graph)}
        width={graph.width}
        height={graph.height}
        viewBox={`0 0 ${graph.width} ${graph.height}`}
      >
        <defs>
          <marker id="arrow" viewBox="0 0 8 8" refX="8" refY="4" markerWidth="7" markerHeight="7" orient="auto">
            <path className="graph-arrow" d="M0 0 8 4 0 8z" />
          </marker>
        </defs>
        {graph.edges.map(({ from, to, text, points, at }) => (
          <g key={`${from} ${to} ${text}`}>
            <polyline
              className="graph-edge"
              points={points.map(({ x, y }) => `${x},${y}`).join(' ')}
              markerEnd="url(#arrow)"
            />
            {text === '' ? null : (
              <text className="graph-label" x={at.x} y={at.y} textAnchor="middle" dominantBaseline="central">
                {text}
              </text>
            )}
          </g>
        ))}
        {graph.nodes.map(({ id, kind, lines, x, y, width, height }) => (
          <g key={id} className={`graph-node graph-${kind}`}>
            <rect x={x} y={y} width={width} height={height} rx={kind === 'gate' ? 2 : 8} />
            {lines.map((line, index) => (
              <text
                key={`${id} ${line}`}
                className={index === 0 ? 'graph-name' : 'graph-detail'}
                x={x + width / 2}
                y={y + (height * (index + 1)) / (lines.length + 1)}
                textAnchor="middle"
                dominantBaseline="central"
              >
                {line}
              </text>
            ))}
          </g>
        ))}
      </svg>
    </section>
  );
}

function inWords({ nodes, edges }: PlacedGraph): string {
  const name = (id: string) => nodes.find((node) => node.id === id)?.lines.join(', ') ?? '';
  return edges.map(({ from, to, text }) => `${name(from)} ${text === '' ? 'opens' : text}: ${name(to)}.`).join(' ');
}
