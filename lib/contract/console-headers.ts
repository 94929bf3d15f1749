/**
 * The headers with which the console's files are served. The console loads scripts, styles and images only from its own
 * files, cannot be shown in a frame, and calls only its own origin, the issuer of its tokens, and the assistant if there
 * is one.
 */

/** Prefix of the paths of all files whose names contain a hash of their content. */
const HASHED = 'assets/';

/** How long browsers may keep a file. The page determines which scripts run, so it is reloaded each time. */
function cacheControl(path: string): string {
  if (path.startsWith(HASHED)) return 'public, max-age=31536000, immutable';
  return /\.(html|json)$/.test(path) ? 'no-store' : 'no-cache';
}

/**
 * The headers of one file.
 * @param path Path relative to the console's folder, for example `assets/index-3f0c.js`.
 * @param origins Origins other than the console's own that the console calls: those of the issuer, and the one of the
 * assistant.
 */
export function consoleHeaders(path: string, origins: readonly string[]): Readonly<Record<string, string>> {
  return {
    'content-type': contentType(path),
    'cache-control': cacheControl(path),
    'content-security-policy': contentSecurityPolicy(origins),
    ...SAME_FOR_ALL,
  };
}

const SAME_FOR_ALL = {
  'strict-transport-security': 'max-age=63072000; includeSubDomains',
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'permissions-policy':
    'camera=(), geolocation=(), microphone=(), payment=(), usb=(), publickey-credentials-create=(self), publickey-credentials-get=(self)',
} as const;

function contentSecurityPolicy(origins: readonly string[]): string {
  return [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self'",
    "font-src 'self'",
    "manifest-src 'self'",
    ['connect-src', "'self'", ...origins].join(' '),
    // The server writes the console's path into the `<base>` of its start page.
    "base-uri 'self'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; ');
}

/** Media types by the ending of a file name. */
const TYPES: Readonly<Record<string, string>> = {
  css: 'text/css; charset=utf-8',
  html: 'text/html; charset=utf-8',
  ico: 'image/x-icon',
  js: 'text/javascript; charset=utf-8',
  json: 'application/json',
  map: 'application/json',
  png: 'image/png',
  svg: 'image/svg+xml',
  txt: 'text/plain; charset=utf-8',
  webmanifest: 'application/manifest+json',
  woff2: 'font/woff2',
};

function contentType(path: string): string {
  const ending = path.slice(path.lastIndexOf('.') + 1);
  return Object.hasOwn(TYPES, ending) ? (TYPES[ending] as string) : 'application/octet-stream';
}
