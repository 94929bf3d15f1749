/** The entry point of the console's function. Its files are read once, at start-up. */
import { join } from 'node:path';
import { readContents } from '../console/contents';
import { createSiteHandler } from '../console/handler';
import { readSiteSettings } from '../console/settings';
import { createSite } from '../console/site';

const settings = readSiteSettings(process.env);
/** The folder of the built console in the function's deployment package. */
const contents = readContents(join(__dirname, 'site'));

/** Handles a request. Lambda calls this function. */
export const handler = createSiteHandler(createSite(contents, settings), settings);
