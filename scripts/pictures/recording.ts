/** The output of a command as an animated SVG of a terminal. The text is the command's own. */
import { escaped, MONO } from './svg';

const COLUMNS = 102;
const CHARACTER = 7.8;
const LINE = 18;
const TOP = 52;
/** Seconds between two lines, and between two paragraphs. */
const PAUSE = { line: 0.15, paragraph: 0.7 };

/** The recording of a command line and what it printed. */
export function recordingPicture(command: string, output: string): string {
  const lines = [`$ ${command}`, ...output.replace(/\n+$/, '').split('\n')];
  const width = Math.ceil(COLUMNS * CHARACTER) + 40;
  const height = TOP + lines.length * LINE + 10;
  let at = 0;
  const texts = lines.map((line, index) => {
    at += line === '' ? PAUSE.paragraph : PAUSE.line;
    if (line === '') return '';
    const y = TOP + index * LINE;
    // A line is dim until its turn, so that the picture is never empty. A viewer that plays no animation shows everything.
    const delay = `style='animation-delay:${at.toFixed(2)}s'`;
    return `<text class='l' x='20' y='${y}' ${delay} fill='${colourOf(line)}' xml:space='preserve'>${escaped(line)}</text>`;
  });
  return `${[
    `<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 ${width} ${height}' width='${width}' height='${height}' role='img' font-size='13' ${MONO}>`,
    `<title>Recording of: ${escaped(command)}</title>`,
    '<style>.l{animation:show .2s both}@keyframes show{from{opacity:.25}to{opacity:1}}@media (prefers-reduced-motion:reduce){.l{animation:none}}</style>',
    `<rect width='${width}' height='${height}' rx='10' fill='#0d1117' stroke='#30363d'/>`,
    "<circle cx='22' cy='20' r='6' fill='#ff5f57'/><circle cx='42' cy='20' r='6' fill='#febc2e'/><circle cx='62' cy='20' r='6' fill='#28c840'/>",
    ...texts.filter(Boolean),
    '</svg>',
  ].join('\n')}\n`;
}

function colourOf(line: string): string {
  if (line.startsWith('$')) return '#79c0ff';
  if (/^ +✓/.test(line)) return '#56d364';
  if (/^ +✗/.test(line)) return '#ff7b72';
  if (/^\d+\. /.test(line)) return '#f0f6fc';
  return '#9da7b3';
}
