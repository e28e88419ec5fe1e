/** The words of the field for what the server says in those of offices and platforms: one word for one thing on every page of staff. */
const WORDS: readonly (readonly [RegExp, string])[] = [
  [/(网格员)?\s?B角/g, '替班网格员'],
  [/已处置待确认/g, '等居民确认'],
  [/暂停办理|暂时挂起|暂停/g, '挂起'],
  [/(没有同意挂起)，继续办理/g, '$1'],
  [/继续办理/g, '恢复办理'],
]

/** A word or a sentence of the server as staff read it; their own words stay as they are. */
export const deskWords = (zh: string): string => WORDS.reduce((text, [from, to]) => text.replace(from, to), zh)
