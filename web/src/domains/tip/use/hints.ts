// SPDX-License-Identifier: Apache-2.0

/**
 * Words by which an informant could be recognised. The rules are here, on the phone:
 * nothing is asked of anybody. They advise and never forbid.
 */

export type HintKind = 'self' | 'role' | 'group' | 'secret' | 'name' | 'number' | 'day' | 'hour' | 'quantity'

export interface Hint {
  kind: HintKind
  /** The words as they stand in the text. */
  found: string
  /** What could stand there instead; without it the words are better taken out or said otherwise. */
  safer?: string
}

interface Rule {
  kind: HintKind
  pattern: RegExp
  safer?: (...groups: string[]) => string | undefined
}

/** How many hints are shown at once. */
const most = 8

const surnames = '王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎余潘杜戴夏钟汪田任姜范方石姚谭廖邹熊金陆郝孔白崔康毛邱秦江史顾侯邵孟龙万段雷钱汤尹黎易常武乔贺赖龚文'
const titles = '师傅|经理|主任|班长|组长|队长|厂长|矿长|科长|部长|总监|总工|老板|书记|主管'
const teams = '班组|班|组|队|科室|科|工段|车间|宿舍|办公室|仓库|店|项目部'
const digits = '[一二两三四五六七八九十几0-9０-９]'

const rules: readonly Rule[] = [
  { kind: 'number', pattern: /(?<!\d)1[3-9]\d{9}(?!\d)/g, safer: () => '某电话' },
  { kind: 'number', pattern: /(?<!\d)\d{17}[\dXx](?![\dXx])/g, safer: () => '某证件' },
  { kind: 'number', pattern: /[京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼][A-Z][·.]?[A-Z0-9]{5,6}/g, safer: () => '某车' },
  { kind: 'number', pattern: /(?:工号|工牌|学号)\s*[:：]?\s*[A-Za-z0-9]+/g, safer: () => '' },
  { kind: 'role', pattern: /我是[^，。；！？\s,.;!?]{0,8}?(?:工|员|长|师|主任|经理|徒弟|司机|保安|会计)/g, safer: () => '' },
  { kind: 'role', pattern: /我(?:在[^，。；,.;]{1,12}(?:上班|工作|干活|值班)|负责[^，。；,.;]{1,12}|当班|值班)/g },
  { kind: 'group', pattern: new RegExp(`我们(?:这个)?(${teams})`, 'g'), safer: (team) => `某${team}` },
  { kind: 'group', pattern: new RegExp(`(?:只有|就|仅|一共|总共)(?:我们)?${digits}{1,3}(?:个|名)?人`, 'g') },
  { kind: 'group', pattern: /(?:夜班|白班|早班|中班|晚班)(?:只有|就)[^，。；,.;]{1,10}/g },
  { kind: 'secret', pattern: /只有我[^，。；,.;]{0,10}|只(?:告诉|跟|对)我?[^，。；,.;]{0,8}说/g },
  { kind: 'secret', pattern: /(?:微信|钉钉|工作|班组)?群里|(?:班前|晨|例|早|晚)会上|开会(?:时|的时候)|(?:我|偷偷)(?:录了音|录音|拍下|拍了)/g },
  { kind: 'self', pattern: /我(?:亲眼|当场|亲自)?(?:看见|看到|发现|听见|听到)/g, safer: () => '有人看到' },
  { kind: 'self', pattern: /我(?:向|跟|给|和)[^，。；,.;]{1,10}(?:反映|提过|说过|汇报|投诉)(?:过|了)?/g, safer: () => '有人反映过' },
  { kind: 'self', pattern: /我(?:师傅|同事|爱人|老婆|老公|妻子|丈夫|儿子|女儿|父亲|母亲|哥|姐|弟|妹)/g, safer: () => '有人' },
  { kind: 'self', pattern: /本人|(?<![让给请叫])我们?(?=[^国])/g },
  { kind: 'name', pattern: new RegExp(`(?:[${surnames}][\\u4e00-\\u9fa5]{0,2}?|[老小][${surnames}])(?:${titles})`, 'g'), safer: () => '有关负责人' },
  { kind: 'name', pattern: new RegExp(`(?<![\\u4e00-\\u9fa5])[老小][${surnames}](?![\\u4e00-\\u9fa5]?[区市县镇乡村路街])`, 'g'), safer: () => '某人' },
  { kind: 'day', pattern: /(?:\d{4}\s*年\s*)?(\d{1,2})\s*月\s*(\d{1,2})\s*[日号]/g, safer: (month, day) => `${month}月${partOfMonth(Number(day))}` },
  { kind: 'day', pattern: /今天|昨天|前天|昨晚|今早|刚才/g, safer: () => '近日' },
  { kind: 'hour', pattern: /(凌晨|早上|上午|中午|下午|傍晚|晚上|夜里)?\s*(?<!\d)(?:[01]?\d|2[0-4])\s*(?:[:：]\s*\d{2}|[点时](?:\d{1,2}分?|半|一刻|三刻)?)(?!\d)/g, safer: (part) => part ?? '某个时候' },
  { kind: 'quantity', pattern: /(?<![\d.])(?!\d0+(?!\d))(\d{2,})(?:\.\d+)?\s*(公斤|千克|吨|升|元|万元|人|箱|瓶|桶|袋|米|平方米|台|个|次|天|户)/g, safer: (n, unit) => roundly(n ?? '', unit ?? '') },
  { kind: 'self', pattern: /\b(?:I|I'm|I've|my|me|myself|we|our)\b/g },
  { kind: 'name', pattern: /\b(?:Mr|Mrs|Ms|Miss|Dr)\.?\s+[A-Z][a-z]+/g, safer: () => 'a manager' },
  { kind: 'group', pattern: /\bonly\s+(?:\w+\s+){0,2}(?:people|workers|of us)\b/gi },
  { kind: 'day', pattern: /\b(?:today|yesterday|last night|this morning)\b/gi, safer: () => 'recently' },
]

/** What in the text could tell who wrote it; each words once, the first ones first. */
export function findHints(text: string): Hint[] {
  const taken: { from: number; until: number }[] = []
  const found = rules.flatMap((rule) => matchesOf(rule, text, taken))
  const first = new Map<string, Hint>()
  for (const { hint } of found.sort((a, b) => a.at - b.at)) if (!first.has(hint.found)) first.set(hint.found, hint)
  return [...first.values()].slice(0, most)
}

/** The text with the safer words wherever the hint's stand. */
export function makeSafer(text: string, { found, safer = '' }: Hint): string {
  return text.split(found).join(safer)
}

/** Matches of a rule that no earlier rule has taken. */
function matchesOf({ kind, pattern, safer }: Rule, text: string, taken: { from: number; until: number }[]): { at: number; hint: Hint }[] {
  return [...text.matchAll(pattern)].flatMap((match) => {
    const [found, ...groups] = match
    const span = { from: match.index, until: match.index + found.length }
    if (taken.some((other) => other.from < span.until && span.from < other.until)) return []
    taken.push(span)
    const words = safer?.(...groups)
    return { at: span.from, hint: { kind, found, ...(words !== undefined && words !== found && { safer: words }) } }
  })
}

function partOfMonth(day: number): string {
  return day <= 10 ? '上旬' : day <= 20 ? '中旬' : '下旬'
}

/** 37 吨 as 几十吨: the size, not the number. */
function roundly(n: string, unit: string): string | undefined {
  const sizes = ['', '几', '几十', '几百', '几千', '几万', '几十万', '几百万']
  const size = sizes[n.length]
  return size && `${size}${unit}`
}
