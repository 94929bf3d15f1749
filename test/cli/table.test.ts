import stringWidth from 'string-width';
import { paint } from '../../lib/cli/colour';
import { type Column, renderTable } from '../../lib/cli/render/table';
import { expectGoldenText } from './support';

const COLUMNS: readonly Column[] = [
  { title: 'role', keep: true },
  { title: 'services' },
  { title: 'actions', align: 'right' },
  { title: 'waivers', hue: (cell) => (cell === 'none' ? 'dim' : 'yellow') },
];
const ROWS = [
  ['s3-deploy', 's3', '2', 'none'],
  ['customer-orders-and-invoices-read', 'dynamodb, kms, secretsmanager', '1042', 'scoped-resources, one-service'],
  ['한국어-role', 'logs', '7', 'none'],
];

describe('a table', () => {
  it.each([undefined, 120, 80, 60])('at %s columns', (columns) => {
    const text = renderTable(COLUMNS, ROWS, { paint: paint(false), columns });
    expectGoldenText(`table-${columns ?? 'unlimited'}.txt`, text);
    for (const line of text.split('\n')) expect(stringWidth(line)).toBeLessThanOrEqual(columns ?? 1000);
  });

  it('is aligned by what is seen, not by the colour codes in it', () => {
    const plain = renderTable(COLUMNS, ROWS, { paint: paint(false), columns: 80 });
    const coloured = renderTable(COLUMNS, ROWS, { paint: paint(true), columns: 80 });
    // biome-ignore lint/suspicious/noControlCharactersInRegex: colour codes begin with one.
    const bare = coloured.replace(/\u001b\[\d+m/g, '');
    expect(bare.split('\n').map((line) => line.trimEnd())).toEqual(plain.split('\n'));
  });

  it('without rows is nothing', () => {
    expect(renderTable(COLUMNS, [], { paint: paint(false) })).toBe('');
  });
});
