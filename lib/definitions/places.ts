/** Maps a path in a document to its range in the file. */
import { isAlias, isMap, isScalar, isSeq, type Node } from 'yaml';
import type { Tree } from './compose';
import type { SourceRange } from './finding';
import type { Path } from './model';
import type { Source } from './source';

/**
 * Finds source positions in one document. The YAML tree is parsed again on first use: most documents have no findings,
 * and keeping thousands of trees would need too much memory.
 */
export class Places {
  private tree: Tree | undefined;

  /** @param compose composes the document again, with its nodes */
  constructor(
    private readonly source: Source,
    private readonly compose: () => Tree | undefined,
  ) {}

  /** The file's name. */
  get file(): string {
    return this.source.file;
  }

  /**
   * The range of the value at the path, or of the nearest enclosing value that exists in the file; if the value is
   * empty, the range of its key.
   */
  value(path: Path): SourceRange {
    const { key, value } = this.find(path);
    const range = value !== undefined && value[0] < value[1] ? value : (key ?? value);
    return this.range(range);
  }

  /** The range of the key at the path; for a list item, the range of the item. */
  key(path: Path): SourceRange {
    const { key, value } = this.find(path);
    return this.range(key ?? value);
  }

  /**
   * The range of a piece of text in the value at the path. If the value does not contain the text exactly once, the
   * result is the range of the whole value.
   */
  within(path: Path, piece: string): SourceRange {
    const { value } = this.find(path);
    if (value === undefined || piece === '') return this.value(path);
    const written = this.source.text.slice(value[0], value[1]);
    const at = written.indexOf(piece);
    if (at < 0 || written.indexOf(piece, at + 1) >= 0) return this.value(path);
    return this.source.range(value[0] + at, value[0] + at + piece.length);
  }

  private find(path: Path): { key?: Stretch; value?: Stretch } {
    this.tree ??= this.compose();
    let node: Node | null | undefined = this.tree?.contents;
    let found: { key?: Stretch; value?: Stretch } = { value: stretch(node) };
    for (const step of path) {
      if (isAlias(node) && this.tree !== undefined) node = node.resolve(this.tree);
      if (isMap(node)) {
        const pair = node.items.find((item) => isScalar(item.key) && item.key.value === step);
        if (pair === undefined) return found;
        node = pair.value as Node | null;
        found = { key: stretch(pair.key as Node), value: stretch(node) };
      } else if (isSeq(node) && typeof step === 'number') {
        const item = node.items[step] as Node | undefined;
        if (item === undefined) return found;
        node = item;
        found = { value: stretch(node) };
      } else {
        return found;
      }
    }
    return found;
  }

  private range(found: Stretch): SourceRange {
    if (found === undefined) return this.source.range(0, 1);
    const [start, end] = found;
    // A block collection or scalar includes its last line break. The range ends before it.
    const text = this.source.text.slice(start, end).trimEnd();
    return this.source.range(start, start + Math.max(text.length, 1));
  }
}

type Stretch = readonly [start: number, end: number] | undefined;

function stretch(node: Node | null | undefined): Stretch {
  const range = node?.range;
  return range ? [range[0], range[1]] : undefined;
}
