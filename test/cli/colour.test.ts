import { paint, wantsColour } from '../../lib/cli/colour';
import { leasehold } from './support';

describe('colour', () => {
  it.each([
    ['on a terminal', {}, undefined, true, true],
    ['not in a pipe', {}, undefined, false, false],
    ['not with NO_COLOR', { NO_COLOR: '1' }, undefined, true, false],
    ['with an empty NO_COLOR, which says nothing', { NO_COLOR: '' }, undefined, true, true],
    ['not on a dumb terminal', { TERM: 'dumb' }, undefined, true, false],
    ['in a pipe with FORCE_COLOR', { FORCE_COLOR: '1' }, undefined, false, true],
    ['with FORCE_COLOR before NO_COLOR', { FORCE_COLOR: '1', NO_COLOR: '1' }, undefined, false, true],
    ['not with FORCE_COLOR=0', { FORCE_COLOR: '0' }, undefined, true, false],
    ['not with FORCE_COLOR=false', { FORCE_COLOR: 'false' }, undefined, true, false],
    ['with --color before everything', { NO_COLOR: '1' }, true, false, true],
    ['not with --no-color, whatever else', { FORCE_COLOR: '1' }, false, true, false],
  ])('%s', (_, env, flag, isTerminal, wanted) => {
    expect(wantsColour(env, flag, isTerminal)).toBe(wanted);
  });

  it('ends where it began, and leaves empty text alone', () => {
    expect(paint(true)('red', 'no')).toBe('\u001b[31mno\u001b[39m');
    expect(paint(true)('red', '')).toBe('');
    expect(paint(false)('red', 'no')).toBe('no');
  });

  it.each([
    ['validate', false],
    ['validate --color', true],
    ['--color validate', true],
    ['--help --color', true],
    ['--help', false],
  ])('`leasehold %s` to a file: %s', async (line, coloured) => {
    const { out } = await leasehold(line);
    expect(out.includes('\u001b[')).toBe(coloured);
  });

  it('is decided for stdout and stderr apart', async () => {
    const { out, err } = await leasehold('synth --env nowhere', { outColumns: undefined, errColumns: 80 });
    expect(out).toBe('');
    expect(err).toContain('\u001b[31merror:\u001b[39m');
  });
});
