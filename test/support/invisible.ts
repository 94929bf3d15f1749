/** Finds source that declares for itself which characters a reader does not see. */

const PROPERTY =
  /\\p\{(?:(?:General_Category|gc)=)?(?:C|Cc|Cf|Cn|Co|Zl|Zp|Other|Control|Format|Unassigned|Private_Use|Line_Separator|Paragraph_Separator|DI|Default_Ignorable_Code_Point|Bidi_Control|Bidi_C|Variation_Selector|VS)\}/i;
/** Soft hyphen, zero widths, directions, separators, blanks, fillers, variation selectors and tags. */
const CHARACTER =
  /\\u\{?0*(?:ad|34f|61c|115f|1160|17b[45]|180[b-f]|200[b-f]|202[89a-e]|206[0-9a-f]|2800|3164|ffa0|fe0[0-9a-f]|1d159|1d17[3-9a]|1344[12]|e0[01][0-9a-f]{2})(?![0-9a-f])/i;
/** A range that begins at the first control characters. */
const CONTROLS = /\\(?:x0[0-9]|u000[0-9]|0)-\\(?:x[01][0-9a-f]|u00[01][0-9a-f])/i;

/** Whether a source file, its comments apart, names properties, characters or ranges that are not drawn. */
export function declaresInvisible(source: string): boolean {
  const code = source.replace(/\/\*\*[\s\S]*?\*\//g, '').replace(/^\s*\/\/.*$/gm, '');
  return PROPERTY.test(code) || CHARACTER.test(code) || CONTROLS.test(code);
}
