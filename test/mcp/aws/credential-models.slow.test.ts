/**
 * Finds operations and members that AWS adds: whatever looks like a credential is refused, removed, or in a list of what
 * somebody has looked at.
 */
import { loadWholeCatalogue } from '@leasehold/policy';
import { answersWithCredentials, returnsCredentials } from '../../../lib/mcp/aws/credential-operations';
import type { Shape } from '../../../lib/mcp/aws/shape';
import { writeOutput } from '../../../lib/mcp/aws/write-output';
import reviewed from '../cases/reviewed-names.json';
import { installedOperations, marked } from '../support/models';

/** Words of names that may be credentials, many more than are refused. */
const ACTION =
  /Token|Credential|Secret|Passw|Presign|Signed|[Uu]rl|URL|A(?:pi|PI)Key|AccessKey|StreamKey|PrivateKey|KeyPair|Login|SignIn|Activation|Auth(?!or)|Otp|QrCode|Embed|Federat|Assume|Cookie|Passphrase/;
const TAKES_AWAY =
  /^(?:Admin)?(?:Delete|Tag|Untag|Disassociate|Disable|Revoke|Remove|Reject|Deregister|Detach|Cancel|Stop|Import|Update|Put|Set|Modify|Enable|Verify)/;
const MEMBER =
  /token|secret|passw|passphrase|credential|private|presign|signed|psk|apikey|accesskey|plaintext|otp|seed/i;

it('no action of AWS looks like one that returns credentials, but those that are refused or were looked at', async () => {
  const actions = (await loadWholeCatalogue()).expand('*');
  const called = actions
    .filter(({ name }) => ACTION.test(name) && !TAKES_AWAY.test(name))
    .filter(({ service, name }) => !returnsCredentials(service, name, {}));
  expect(actions.length).toBeGreaterThan(15_000);
  expect(called.map(({ id }) => id).sort()).toEqual(reviewed.actions);
});

it('no member of an answer of the installed clients looks like a credential, but those that were looked at', async () => {
  const shown = new Set<string>();
  let operations = 0;
  for (const { prefix, operation } of installedOperations()) {
    const { name, output } = operation;
    if (returnsCredentials(prefix, name, {}) || answersWithCredentials(prefix, name, output)) continue;
    if (output.isUnitSchema() || output.getEventStreamMember() !== '') continue;
    operations++;
    const marks = new Map<string, Shape>();
    const value = marked(output, '', marks) as Record<string, unknown>;
    const options = { files: undefined, saveAs: undefined, fallbackName: () => '', scrub: (text: string) => text };
    const text = JSON.stringify(await writeOutput(output, value, { ...options, longestText: 10_000 }));
    for (const mark of marks.keys()) {
      const member = /([A-Za-z0-9_]+)(?:\{\})?»$/.exec(mark)?.[1] ?? '';
      if (MEMBER.test(member) && text.includes(mark)) shown.add(member);
    }
  }
  expect(operations).toBeGreaterThan(1500);
  expect([...shown].sort()).toEqual(reviewed.members);
});
