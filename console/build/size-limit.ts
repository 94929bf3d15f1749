/** Fails the build if the first load exceeds its size limit. */
import { gzipSync } from 'node:zlib';
import type { Plugin } from 'vite';

/** A file of the build, as the bundler describes it. */
export interface BuiltFile {
  readonly fileName: string;
  readonly content: string | Uint8Array;
  /** Files that a chunk imports statically. Empty for an asset. */
  readonly imports: readonly string[];
  /** Style sheets and other assets of a chunk. Empty for an asset. */
  readonly assets: readonly string[];
  /** Whether the page itself names the file. */
  readonly isEntry: boolean;
}

/** Total size, in bytes after gzip, of everything that the page loads before a person opens another route. */
export function firstLoadOf(files: readonly BuiltFile[]): {
  readonly bytes: number;
  readonly names: readonly string[];
} {
  const byName = new Map(files.map((file) => [file.fileName, file]));
  const names = new Set<string>();
  const visit = (name: string) => {
    const file = byName.get(name);
    if (file === undefined || names.has(name)) return;
    names.add(name);
    for (const next of [...file.imports, ...file.assets]) visit(next);
  };
  for (const { fileName, isEntry } of files) if (isEntry || fileName.endsWith('.html')) visit(fileName);
  const bytes = [...names].reduce((sum, name) => sum + gzipSync(byName.get(name)?.content ?? '').length, 0);
  return { bytes, names: [...names].sort() };
}

/** @param limit bytes after gzip */
export function sizeLimit(limit: number): Plugin {
  return {
    name: 'leasehold:size-limit',
    apply: 'build',
    enforce: 'post',
    generateBundle: {
      order: 'post',
      handler(_, bundle) {
        const { bytes, names } = firstLoadOf(
          Object.values(bundle).map((file) =>
            file.type === 'asset'
              ? { fileName: file.fileName, content: file.source, imports: [], assets: [], isEntry: false }
              : {
                  fileName: file.fileName,
                  content: file.code,
                  imports: file.imports,
                  assets: [...(file.viteMetadata?.importedCss ?? []), ...(file.viteMetadata?.importedAssets ?? [])],
                  isEntry: file.isEntry,
                },
          ),
        );
        const kilobytes = (count: number) => `${(count / 1000).toFixed(1)} kB`;
        this.info(`first load: ${kilobytes(bytes)} of ${kilobytes(limit)} after gzip, ${names.length} files`);
        if (bytes > limit) {
          this.error(
            `The first load of the console is ${kilobytes(bytes)} after gzip, and the limit is ${kilobytes(limit)}. ` +
              'If the first pages do not need a part of the code, load that part only when its route is opened.',
          );
        }
      },
    },
  };
}
