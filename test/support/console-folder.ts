/** A small built console, for tests that are not about its pages. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** Files of a console by name, compressed ones beside them, as the build writes them. */
export const A_CONSOLE: Readonly<Record<string, string>> = {
  'assets/index-1a2b.css': 'body { color: black }',
  'assets/index-3f0c.js': 'export const page = 1;',
  'assets/index-3f0c.js.br': 'page in Brotli',
  'assets/index-3f0c.js.gz': 'page in gzip',
  'icon.svg': '<svg xmlns="http://www.w3.org/2000/svg"/>',
  'index.html': '<!doctype html><base href="/console/" /><script src="./assets/index-3f0c.js"></script>',
};

/** Writes what synth packs for the console's function. Returns the folder. */
export function writeConsoleFolder(folder: string, code = 'exports.handler = async () => undefined;\n'): string {
  const files = Object.entries(A_CONSOLE).map(([name, text]) => [`site/${name}`, text]);
  for (const [name = '', text = ''] of [['index.js', code], ...files]) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
  return folder;
}
