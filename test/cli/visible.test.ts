/** The command line and the runtime write out the same characters. */
import { exact } from '../../lib/cli/render/text';
import { visible } from '../../runtime/src/visible';

it('agree on every character of Unicode, alone and behind a letter', () => {
  const differ: string[] = [];
  for (let code = 0; code <= 0x10ffff; code++) {
    const char = String.fromCodePoint(code);
    for (const text of [char, `a${char}b`]) {
      if ((exact(text) === text) !== (visible(text) === text)) differ.push(`${code.toString(16)} ${text.length}`);
    }
  }
  expect(differ).toEqual([]);
});
