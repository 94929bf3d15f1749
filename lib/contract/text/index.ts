/** Text rules that several packages share. They have no dependencies, so that they load fast. */
export {
  ASCII_TAG_CHARACTERS,
  ASCII_TAG_CHARACTERS_IN_WORDS,
  isTagCharacter,
  isTagPunctuation,
  LONGEST_COMMAND,
  LONGEST_TAG_KEY,
  LONGEST_TAG_VALUE,
  NAME_ALPHABET,
  PARAMETER_VALUE,
  TAG_ALPHABET,
  TAG_ALPHABET_WITHOUT_SPACES,
  TAG_PUNCTUATION,
  textOf,
} from './alphabet';
export { count } from './count';
export { kebabCase } from './kebab-case';
export { type ListOptions, listInWords } from './list-in-words';
export { mermaidText } from './mermaid';
export { reasonTag } from './reason-tag';
export { shellOperand, shellOption, shellWord } from './shell-word';
export { left, moment, spoken } from './times';
export {
  BECAUSE,
  clipped,
  escapeHidden,
  firstHidden,
  firstUnseen,
  type HiddenCharacter,
  hidesSomething,
  lineOf,
  onOneLine,
  SEEN_TEXT,
  solid,
  spacedUnseen,
  unicodeEscapes,
  visible,
  visibleJson,
} from './visible';
