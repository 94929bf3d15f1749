/** Parses every Mermaid diagram of a folder of pages: a reader of the page would be the first to see a mistake in one. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import DOMPurify from 'dompurify';
import mermaid from 'mermaid';

// Mermaid sanitizes labels with it, and outside of a browser it has no functions. Nothing is drawn here.
Object.assign(DOMPurify, { addHook: () => {}, sanitize: (text) => text });

export async function parseDiagrams(folder) {
  for (const file of readdirSync(folder, { recursive: true }).filter((name) => name.endsWith('.md'))) {
    for (const [, diagram] of readFileSync(join(folder, file), 'utf8').matchAll(/^```mermaid\n([\s\S]*?)^```$/gm)) {
      try {
        await mermaid.parse(diagram);
      } catch (error) {
        throw new Error(`${file}: a diagram cannot be parsed: ${error.message}`, { cause: error });
      }
    }
  }
}
