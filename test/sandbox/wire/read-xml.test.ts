/** XML that every reader reads alike. */
import { readXml } from '../../../lib/sandbox/wire/read-xml';

const read = (source: string) => readXml(source, () => new Error('refused'));

it('reads elements and text', () => {
  expect(read('<?xml version="1.0" encoding="UTF-8"?>\n<a xmlns="urn:x"> <b>1 &amp; 2</b><c/> </a>')).toEqual({
    name: 'a',
    text: '',
    children: [
      { name: 'b', text: '1 & 2', children: [] },
      { name: 'c', text: '', children: [] },
    ],
  });
});

it.each([
  ['nothing', ''],
  ['text alone', 'a'],
  ['two roots', '<a/><b/>'],
  ['an element that is not closed', '<a><b></a>'],
  ['text beside elements', '<a>x<b/></a>'],
  ['text after the root', '<a/>x'],
  ['an attribute', '<a b="1"/>'],
  ['a comment', '<a><!-- x --></a>'],
  ['CDATA', '<a><![CDATA[x]]></a>'],
  ['a processing instruction', '<a><?x y?></a>'],
  ['a document type', '<!DOCTYPE a><a/>'],
  ['an entity of its own', '<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'],
  ['an unknown entity', '<a>&b;</a>'],
  ['half a character', '<a>&#xd800;</a>'],
  ['a control character', '<a>&#1;</a>'],
  ['a carriage return', '<a>x\ry</a>'],
  ['a carriage return by number', '<a>x&#13;y</a>'],
  ['another encoding', '<?xml version="1.0" encoding="utf-16"?><a/>'],
  ['another version', '<?xml version="1.1"?><a/>'],
  ['an ampersand that is none', '<a>x & y</a>'],
])('refuses %s', (_, source) => {
  expect(() => read(source)).toThrow('refused');
});
