/** The AWS SDK without its notice about the version of Node. */

/**
 * Source: `emitWarningIfUnsupportedVersion` of @aws-sdk/core, which reads it at the first client and then never again.
 */
const NOTICE_OFF = 'AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED';

/**
 * Makes a client of the AWS SDK. On Node 20 the first client prints seven lines of notice, which would land in the
 * middle of an approver's question.
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
