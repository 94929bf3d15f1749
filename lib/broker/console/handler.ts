/**
 * Serves the files of the console. The handler reads nothing but the files that it was created with, calls nothing, and
 * knows nothing about leases or people.
 */
import { CONSOLE_ROUTES } from '@leasehold/documents';
import { acceptedEncoding } from './accept-encoding';
import type { SiteSettings } from './settings';
import type { Site, SiteFile } from './site';

/**
 * A request without authorization. Source:
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html
 */
export interface SiteEvent {
  /** Method and path of the matched route, for example `GET /console/{proxy+}`. */
  readonly routeKey: string;
  /** Header values by lower-case name. */
  readonly headers?: Readonly<Record<string, string | undefined>>;
  readonly pathParameters?: Readonly<Record<string, string | undefined>>;
  readonly requestContext?: { readonly domainName?: string };
}

/** The response that API Gateway sends. */
export interface SiteResult {
  readonly statusCode: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  readonly isBase64Encoded: boolean;
}

/** Creates the handler of a console. */
export function createSiteHandler(
  site: Site,
  { host }: Pick<SiteSettings, 'host'>,
): (event: SiteEvent) => Promise<SiteResult> {
  return async (event) => {
    const file = fileOf(event, site, host);
    if (file === undefined) {
      const body = 'There is no such page.\n';
      return { statusCode: 404, headers: site.otherHeaders, body, isBase64Encoded: false };
    }
    const encoding = acceptedEncoding(event.headers?.['accept-encoding']);
    const encoded = encoding && file.encoded[encoding];
    return {
      statusCode: 200,
      headers: encoded === undefined ? file.headers : { ...file.headers, 'content-encoding': encoding ?? '' },
      body: (encoded ?? file.plain).toString('base64'),
      isBase64Encoded: true,
    };
  };
}

/**
 * The page is served only at the console's own host, because passkeys and the sign-in are bound to it. The settings are
 * served at every host: `leasehold login` reads them at the address of the API.
 */
function fileOf(
  { routeKey, pathParameters, requestContext }: SiteEvent,
  site: Site,
  host: string | undefined,
): SiteFile | undefined {
  if (routeKey === CONSOLE_ROUTES.settings) return site.settings;
  if (host !== undefined && requestContext?.domainName?.toLowerCase() !== host) return undefined;
  if (routeKey === CONSOLE_ROUTES.start) return site.file('');
  return routeKey === CONSOLE_ROUTES.files ? site.file(pathParameters?.proxy ?? '') : undefined;
}
