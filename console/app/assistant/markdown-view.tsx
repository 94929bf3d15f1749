import { memo, useDeferredValue, useMemo } from 'react';
import { type Block, type Inline, markdownBlocks } from './markdown.ts';

/** The Markdown of a model. It contains no heading, link, image or control of the page, whatever the model writes. */
export const MarkdownView = memo(({ text }: { readonly text: string }) => {
  const deferred = useDeferredValue(text);
  const blocks = useMemo(() => markdownBlocks(deferred), [deferred]);
  return (
    <div className="markdown">
      <Blocks blocks={blocks} />
    </div>
  );
});

function Blocks({ blocks }: { readonly blocks: readonly Block[] }) {
  return numbered(blocks).map(({ key, value }) => <BlockView key={key} block={value} />);
}

function BlockView({ block }: { readonly block: Block }) {
  switch (block.kind) {
    case 'paragraph':
      return (
        <p dir="auto">
          <Line inlines={block.children} />
        </p>
      );
    case 'heading':
      return (
        <p dir="auto">
          <strong>
            <Line inlines={block.children} />
          </strong>
        </p>
      );
    case 'code':
      return (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable with the keyboard
        <pre dir="ltr" tabIndex={0}>
          {block.text}
        </pre>
      );
    case 'quote':
      return (
        <blockquote>
          <Blocks blocks={block.blocks} />
        </blockquote>
      );
    case 'list': {
      const items = numbered(block.items).map(({ key, value }) => (
        <li key={key}>
          <Blocks blocks={value} />
        </li>
      ));
      return block.start === undefined ? <ul>{items}</ul> : <ol start={block.start}>{items}</ol>;
    }
    case 'table':
      return <TableView {...block} />;
    case 'rule':
      return <hr />;
  }
}

function TableView({ header, rows }: Extract<Block, { kind: 'table' }>) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable with the keyboard
    <div className="table" tabIndex={0}>
      <table>
        <thead>
          <tr>
            {numbered(header).map(({ key, value }) => (
              <th key={key} scope="col">
                <Line inlines={value} />
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {numbered(rows).map(({ key, value }) => (
            <tr key={key}>
              {numbered(value).map((cell) => (
                <td key={cell.key}>
                  <Line inlines={cell.value} />
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Line({ inlines }: { readonly inlines: readonly Inline[] }) {
  return numbered(inlines).map(({ key, value }) => <InlineView key={key} inline={value} />);
}

function InlineView({ inline }: { readonly inline: Inline }) {
  switch (inline.kind) {
    case 'text':
      return inline.text;
    case 'break':
      return <br />;
    case 'code':
      return (
        <code>
          <bdi>{inline.text}</bdi>
        </code>
      );
    case 'address':
      return (
        <bdi dir="ltr" className="code address">
          {inline.text}
        </bdi>
      );
    case 'strong':
      return (
        <strong>
          <Line inlines={inline.children} />
        </strong>
      );
    case 'emphasis':
      return (
        <em>
          <Line inlines={inline.children} />
        </em>
      );
  }
}

/** Parts of a text are only ever added at its end, so their places are good keys. */
function numbered<T>(values: readonly T[]) {
  return values.map((value, key) => ({ key, value }));
}
