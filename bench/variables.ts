/** Values for the variables of a configuration that have no default. */

/** The values as arguments of a module or lines of a `.tfvars`, from the text of the configuration. */
export function variablesOf(text: string): string {
  return [...text.matchAll(/^variable\s+"(\w+)"\s*\{(?:[ \t]*\}|([\s\S]*?)^\})/gm)]
    .filter(([, , body = '']) => !/^\s*default\s*=/m.test(body))
    .map(
      ([, name = '', body = '']) =>
        `  ${name} = ${fillerOf(name, /^\s*type\s*=\s*([\s\S]*)/m.exec(body)?.[1] ?? '')}\n`,
    )
    .join('');
}

/** A value of a type, which begins a text. An object gets the attributes that it requires. */
function fillerOf(name: string, type: string): string {
  const kind = /^\w+/.exec(type)?.[0] ?? 'string';
  if (kind === 'bool') return 'false';
  if (kind === 'number') return '1';
  if (/^(list|set|tuple)$/.test(kind)) return '[]';
  if (kind === 'map') return '{}';
  if (kind === 'object') {
    const attributes = attributesOf(type).filter(([, inner]) => !inner.startsWith('optional'));
    return `{ ${attributes.map(([attribute, inner]) => `${attribute} = ${fillerOf(attribute, inner)}`).join(', ')} }`;
  }
  return /account/.test(name) ? '"123456789012"' : '"example"';
}

/** The attributes of an object type that begins a text, each with the text that its own type begins. */
function attributesOf(type: string): readonly (readonly [string, string])[] {
  const found: (readonly [string, string])[] = [];
  let depth = 0;
  for (const { 0: token, 1: name, index } of type.matchAll(/[({[]|[)}\]]|(\w+)\s*=\s*/g)) {
    if (name !== undefined) {
      if (depth === 2) found.push([name, type.slice(index + token.length)]);
    } else depth += /[({[]/.test(token) ? 1 : -1;
    if (depth === 0) break;
  }
  return found;
}
