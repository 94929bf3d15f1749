/** Loads the AWS SDK, and suppresses its notice about the Node.js version. */

/**
 * The variable that disables the notice. The SDK reads the variable only when the first client is created. Source:
 * `emitWarningIfUnsupportedVersion` of @aws-sdk/core.
 */
const NOTICE_OFF = 'AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED';

/**
 * Creates an AWS SDK client, and prevents the SDK from printing a notice. On Node 20, the SDK's first client prints a
 * notice of seven lines, which would appear in the middle of an approval request.
 */
export function withoutNodeNotice<T>(make: () => T): T {
  if (process.env[NOTICE_OFF] !== undefined) return make();
  process.env[NOTICE_OFF] = 'true';
  try {
    return make();
  } finally {
    delete process.env[NOTICE_OFF];
  }
}
