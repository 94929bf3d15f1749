import type { Fact } from '@leasehold/broker/core';

/** A list of facts, in the same words as on the command line. */
export function FactList({ facts }: { readonly facts: readonly Fact[] }) {
  return (
    <dl className="facts">
      {facts.map(({ label, lines }) => (
        <div key={label} className="fact">
          <dt>{label}</dt>
          <dd>
            {numbered(lines).map(({ key, line }) => (
              <Line key={key} line={line} />
            ))}
          </dd>
        </div>
      ))}
    </dl>
  );
}

/** Gives each line a key, because two lines can have the same text. */
function numbered(lines: Fact['lines']) {
  return lines.map((line, index) => ({ key: index, line }));
}

function Line({ line }: { readonly line: Fact['lines'][number] }) {
  if (typeof line === 'string') {
    return (
      <p>
        <bdi>{line}</bdi>
      </p>
    );
  }
  const [indent, text] = line;
  return (
    <p className={indent.startsWith(' ') ? 'line line-inner' : 'line'}>
      <span className={indent.startsWith('never') ? 'word word-deny' : 'word'}>{indent.trim()} </span>
      <bdi className="code">{text}</bdi>
    </p>
  );
}
