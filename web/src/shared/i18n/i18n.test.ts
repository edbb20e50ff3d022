// SPDX-License-Identifier: Apache-2.0

import { afterEach, describe, expect, it } from 'vitest'
import { fill } from './fill'
import { aside, defineWords, listed, locale, setLocale, wordsReady, type Words } from './index'

const zh = { greet: '您好，{name}', photos: '{n} 张照片', deep: { one: '一层' } }
const en = { greet: 'Hello, {name}', photos: '{n} {n:photo|photos}', deep: { one: 'one level' } }

afterEach(async () => {
  await setLocale('zh-CN')
  localStorage.clear()
})

describe('fill', () => {
  const cases: [string, Record<string, unknown> | undefined, string][] = [
    ['{n} 张', { n: 3 }, '3 张'],
    ['{n} 张', { n: 0 }, '0 张'],
    ['{n} {n:photo|photos}', { n: 1 }, '1 photo'],
    ['{n} {n:photo|photos}', { n: 0 }, '0 photos'],
    ['没有 {missing}。', {}, '没有 。'],
    ['没有 {missing}。', undefined, '没有 。'],
    ['{a}{a}', { a: '{b}', b: 'x' }, '{b}{b}'], // values are not read again
  ]
  it.each(cases)('%s with %o', (sentence, values, want) => expect(fill(sentence, values)).toBe(want))
})

it('sets lists and brackets as each language does', async () => {
  expect([listed(['甲', '乙']), aside('丙')]).toEqual(['甲、乙', '（丙）'])
  await setLocale('en')
  expect([listed(['A', 'B']), aside('C')]).toEqual(['A, B', ' (C)'])
})

describe('defineWords', () => {
  it('speaks Chinese first, and English once it is chosen', async () => {
    const t = defineWords(zh, async () => ({ default: en }))
    expect(t('greet', { name: '王' })).toBe('您好，王')
    await setLocale('en')
    expect(t('photos', { n: 2 })).toBe('2 photos')
    expect(t('deep.one')).toBe('one level')
    expect(document.documentElement.lang).toBe('en')
    expect(localStorage.getItem('anlan.locale')).toBe('en')
  })

  it('loads the English of a part that comes after the choice', async () => {
    await setLocale('en')
    const t = defineWords(zh, async () => ({ default: en }))
    expect(t('deep.one')).toBe('一层')
    await wordsReady()
    expect(t('deep.one')).toBe('one level')
  })

  it('stays as it is when the words cannot be fetched', async () => {
    let online = false
    const t = defineWords(zh, async () => {
      if (!online) throw new TypeError('no network')
      return { default: en }
    })
    await expect(setLocale('en')).rejects.toThrow('no network')
    expect(locale.value).toBe('zh-CN')
    expect(t('deep.one')).toBe('一层')
    online = true
    await setLocale('en')
    expect(t('deep.one')).toBe('one level')
  })
})

describe('every part of the program', () => {
  const files = import.meta.glob<Words>(['/src/**/locales/*.ts', '!/src/**/*.test.ts'], { eager: true, import: 'default' })
  const chinese = Object.keys(files).filter((path) => path.includes('/zh-CN'))

  it('is found', () => expect(chinese.length).toBeGreaterThan(3))

  it.each(chinese)('%s says the same in English, with the same values', (path) => {
    const zh = sentences(files[path] ?? {})
    const en = sentences(files[path.replace('/zh-CN', '/en')] ?? {})
    expect(Object.keys(en).sort()).toEqual(Object.keys(zh).sort())
    for (const [key, sentence] of Object.entries(zh)) expect([key, namesIn(en[key] ?? '')]).toEqual([key, namesIn(sentence)])
  })
})

function sentences(words: Words, prefix = ''): Record<string, string> {
  const out: Record<string, string> = {}
  for (const [key, value] of Object.entries(words)) {
    if (typeof value === 'string') out[prefix + key] = value
    else Object.assign(out, sentences(value, `${prefix}${key}.`))
  }
  return out
}

function namesIn(sentence: string): string[] {
  return [...new Set([...sentence.matchAll(/\{(\w+)/g)].map((m) => m[1] ?? ''))].sort()
}
