/** The command line and the runtime write out the same characters. */
import { exact } from '../../lib/cli/render/text';
import { visible } from '../../runtime/src/visible';

/** Every plane that has characters which are not drawn, without the blocks that hold nothing but ideographs. */
const RANGES = [
  [0, 0x33ff],
  [0xa000, 0xabff],
  [0xd7a4, 0x1d3ff],
  [0x1f000, 0x1f100],
  [0xe0000, 0xe0200],
  [0x10fff0, 0x10ffff],
] as const;

it.each(RANGES)('agree on the characters from %d to %d, alone and behind a letter', (first, last) => {
  const differ: string[] = [];
  for (let code = first; code <= last; code++) {
    const char = String.fromCodePoint(code);
    for (const text of [char, `a${char}b`]) {
      if ((exact(text) === text) !== (visible(text) === text)) differ.push(`${code.toString(16)} ${text.length}`);
    }
  }
  expect(differ).toEqual([]);
});
