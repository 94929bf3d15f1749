/** The entry point of the console's function. Its files are read once, at start-up. */
import { readdirSync, readFileSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import { createSiteHandler } from '../console/handler';
import { readSiteSettings } from '../console/settings';
import { createSite } from '../console/site';

/** The folder of the built console in the function's deployment package. */
const FOLDER = join(__dirname, 'site');

const settings = readSiteSettings(process.env);

/** Handles a request. Lambda calls this function. */
export const handler = createSiteHandler(createSite(contentsOf(FOLDER), settings), settings);

function contentsOf(folder: string): ReadonlyMap<string, Buffer> {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  return new Map(
    files.map((entry) => {
      const path = join(entry.parentPath, entry.name);
      return [relative(folder, path).split(sep).join('/'), readFileSync(path)];
    }),
  );
}
