/** Who can reach what, as SVG: the flowchart that `leasehold graph` draws, laid out in five columns. */
import { escaped, SANS, shortened } from './svg';

interface GraphNode {
  readonly id: string;
  readonly kind: string;
  readonly lines: readonly string[];
}

interface GraphEdge {
  readonly from: string;
  readonly to: string;
  readonly lines: readonly string[];
}

interface Box extends GraphNode {
  readonly x: number;
  readonly y: number;
  readonly width: number;
}

const COLUMNS = [
  { title: 'approvers', kinds: ['human'], x: 20, width: 110 },
  { title: 'agent', kinds: ['agent'], x: 190, width: 110 },
  { title: 'gate', kinds: ['gate'], x: 360, width: 140 },
  { title: 'roles', kinds: ['read', 'write', 'delete'], x: 560, width: 150 },
  { title: 'what a lease reaches', kinds: ['resource'], x: 780, width: 340 },
];
const COLOURS: Readonly<Record<string, readonly [fill: string, stroke: string]>> = {
  human: ['#ffffff', '#57606a'],
  agent: ['#ddf4ff', '#0969da'],
  gate: ['#fff8c5', '#9a6700'],
  read: ['#dafbe1', '#1a7f37'],
  write: ['#fff1e5', '#bc4c00'],
  delete: ['#ffebe9', '#cf222e'],
  resource: ['#f6f8fa', '#6e7781'],
};
const HEIGHT = 40;
const STEP = 50;
const TOP = 70;
const WIDTH = 1140;

/** The picture of a flowchart with one environment, as `renderGraph` writes it. */
export function reachPicture(mermaid: string): string {
  const { title, nodes, edges } = read(mermaid);
  const boxes = place(nodes, edges);
  const bottom = Math.max(...[...boxes.values()].map(({ y }) => y + HEIGHT)) + 20;
  const parts = [
    `<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 ${WIDTH} ${bottom}' width='${WIDTH}' height='${bottom}' role='img' ${SANS}>`,
    `<title>Who can reach what in ${escaped(title)}</title>`,
    `<rect width='${WIDTH}' height='${bottom}' rx='10' fill='#ffffff' stroke='#d0d7de'/>`,
    `<text x='20' y='26' font-size='13' fill='#57606a'>${escaped(title)}</text>`,
    ...COLUMNS.map(
      ({ title: column, x }) =>
        `<text x='${x}' y='54' font-size='12' font-weight='600' fill='#57606a'>${escaped(column)}</text>`,
    ),
    ...edges.map((edge) => line(edge, boxes)),
    ...[...boxes.values()].map((box) => drawn(box, edges)),
    '</svg>',
  ];
  return `${parts.filter(Boolean).join('\n')}\n`;
}

function read(mermaid: string) {
  const nodes: GraphNode[] = [];
  const edges: GraphEdge[] = [];
  let title = '';
  for (const text of mermaid.split('\n')) {
    const group = /^ *subgraph \w+\["(.*)"\]$/.exec(text);
    const node = /^ *(\w+)[[({]+"(.*)"[\])}]+:::(\w+)$/.exec(text);
    const edge = /^ *(\w+) -->(?:\|"(.*)"\|)? (\w+)$/.exec(text);
    if (group) title = linesOf(group[1]).join(', ');
    if (node) nodes.push({ id: node[1] ?? '', kind: node[3] ?? '', lines: linesOf(node[2]) });
    if (edge) edges.push({ from: edge[1] ?? '', to: edge[3] ?? '', lines: linesOf(edge[2]) });
  }
  return { title, nodes, edges };
}

function linesOf(label = ''): readonly string[] {
  if (label === '') return [];
  return label.split('<br/>').map((part) => part.replace(/#(\d+);/g, (_, code) => String.fromCodePoint(Number(code))));
}

/** Resources from top to bottom; whoever leads to others in the middle of them. */
function place(nodes: readonly GraphNode[], edges: readonly GraphEdge[]): ReadonlyMap<string, Box> {
  const boxes = new Map<string, Box>();
  const middle = (ids: readonly string[]) => {
    const ys = ids.flatMap((id) => boxes.get(id)?.y ?? []);
    return ys.length === 0 ? undefined : (Math.min(...ys) + Math.max(...ys)) / 2;
  };
  for (const { kinds, x, width } of COLUMNS.toReversed()) {
    const column = nodes.filter(({ kind }) => kinds.includes(kind));
    const wanted = column.map((node, index) => ({
      node,
      y: middle(edges.filter(({ from }) => from === node.id).map(({ to }) => to)) ?? TOP + index * STEP,
    }));
    let next = Number.NEGATIVE_INFINITY;
    const several =
      column.length > 1 && new Set(wanted.map(({ y }) => y)).size === 1 ? ((column.length - 1) * STEP) / 2 : 0;
    for (const { node, y } of wanted.toSorted((one, other) => one.y - other.y)) {
      next = Math.max(next, y - several);
      boxes.set(node.id, { ...node, x, y: next, width });
      next += STEP;
    }
  }
  return boxes;
}

function line({ from, to }: GraphEdge, boxes: ReadonlyMap<string, Box>): string {
  const [start, end] = [boxes.get(from), boxes.get(to)];
  if (!start || !end) return '';
  const [x1, y1, x2, y2] = [start.x + start.width, start.y + HEIGHT / 2, end.x, end.y + HEIGHT / 2];
  const bend = (x2 - x1) / 2;
  const path = `M${x1},${y1} C${x1 + bend},${y1} ${x2 - bend},${y2} ${x2},${y2}`;
  return `<path d='${path}' fill='none' stroke='#8c959f' stroke-width='1.3'/>`;
}

function drawn(box: Box, edges: readonly GraphEdge[]): string {
  const [fill, stroke] = COLOURS[box.kind] ?? ['#ffffff', '#57606a'];
  const actions = edges.filter(({ to }) => box.kind === 'resource' && to === box.id).flatMap(({ lines }) => lines);
  const [first = '', second = ''] = actions.length > 0 ? [box.lines.join(': '), actions.join(', ')] : box.lines;
  const most = Math.floor(box.width / 7.3);
  const text = (content: string, y: number, size: number, colour: string) =>
    `<text x='${box.x + 10}' y='${y}' font-size='${size}' fill='${colour}'>${escaped(shortened(content, most))}</text>`;
  return [
    `<rect x='${box.x}' y='${box.y}' width='${box.width}' height='${HEIGHT}' rx='6' fill='${fill}' stroke='${stroke}'/>`,
    text(first, box.y + (second === '' ? 25 : 17), 12.5, '#1f2328'),
    second === '' ? '' : text(second, box.y + 32, 10.5, '#57606a'),
  ].join('');
}
