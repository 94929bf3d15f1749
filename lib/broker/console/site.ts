/** The files of the console, each with its headers. They are read once, at start-up. */
import { brotliCompressSync, gzipSync } from 'node:zlib';
import { consoleHeaders } from '@leasehold/contract/console-headers';
import { CONSOLE_START, consoleFileAt, consoleStartPage } from '@leasehold/contract/console-site';
import type { Encoding } from './accept-encoding';
import type { SiteSettings } from './settings';

/** One file in each of its encodings. */
export interface SiteFile {
  readonly headers: Readonly<Record<string, string>>;
  readonly plain: Buffer;
  readonly encoded: Readonly<Record<Encoding, Buffer | undefined>>;
}

/** What is served at an address. */
export interface Site {
  /** The content of `console.json`. */
  readonly settings: SiteFile;
  /** The headers of a response without a file. */
  readonly otherHeaders: Readonly<Record<string, string>>;
  /** @param path The path below `/console`, without a slash at the beginning. */
  file(path: string): SiteFile | undefined;
}

/** Suffixes of the files that contain an encoded copy of another file. */
export const ENCODED_ENDINGS: Readonly<Record<Encoding, string>> = { br: '.br', gzip: '.gz' };

/**
 * Prepares the responses.
 * @param contents The files of the built console, by file name. A file `x.br` or `x.gz` beside `x` is an encoding of
 * `x`.
 * @throws {TypeError} if the contents are not those of a console
 */
export function createSite(contents: ReadonlyMap<string, Buffer>, settings: SiteSettings): Site {
  const { base, origins, signIn } = settings;
  const start = contents.get(CONSOLE_START);
  if (start === undefined) throw new TypeError(`the console contains no ${CONSOLE_START}`);
  const file = (name: string, plain: Buffer, encoded: SiteFile['encoded']): SiteFile => ({
    headers: { ...consoleHeaders(name, origins), vary: 'accept-encoding' },
    plain,
    encoded,
  });
  const files = new Map<string, SiteFile>();
  for (const [name, plain] of contents) {
    if (isEncoding(name, contents)) continue;
    const encodings = {
      br: contents.get(`${name}${ENCODED_ENDINGS.br}`),
      gzip: contents.get(`${name}${ENCODED_ENDINGS.gzip}`),
    };
    files.set(name, file(name, plain, encodings));
  }
  const page = Buffer.from(consoleStartPage(start.toString('utf8'), base));
  // The page is encoded here, because it contains the path of the API.
  files.set(CONSOLE_START, file(CONSOLE_START, page, { br: brotliCompressSync(page), gzip: gzipSync(page) }));
  return {
    settings: file('console.json', Buffer.from(`${JSON.stringify(signIn)}\n`), { br: undefined, gzip: undefined }),
    otherHeaders: { ...consoleHeaders('none.txt', origins), 'cache-control': 'no-store' },
    file: (path) => {
      const name = consoleFileAt(path, (each) => files.has(each));
      return name === undefined ? undefined : files.get(name);
    },
  };
}

function isEncoding(name: string, contents: ReadonlyMap<string, Buffer>): boolean {
  return Object.values(ENCODED_ENDINGS).some(
    (ending) => name.endsWith(ending) && contents.has(name.slice(0, -ending.length)),
  );
}
