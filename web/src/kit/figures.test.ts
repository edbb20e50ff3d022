// SPDX-License-Identifier: Apache-2.0

import { afterEach, expect, it } from 'vitest'
import { setLocale } from '@/shared/i18n'
import { figureName, figureText, type Figure } from './figures'

const figure = (more: Partial<Figure>): Figure => ({
  key: 'x', zh: '甲（按级别）', en: 'A, by grade', unit: 'item', n: 0, num: 0, den: 0, ratio: false, complete: true, ...more,
})

afterEach(() => setLocale('zh-CN'))

it('shows a ratio as what it is made of', () => {
  expect(figureText(figure({ ratio: true, num: 180, den: 263 }))).toBe('180 / 263')
  expect(figureText(figure({ ratio: true, num: 0, den: 0 }))).toBe('0 / 0')
})

it('shows counts as they are and money in yuan', () => {
  expect(figureText(figure({ n: 1237 }))).toBe('1,237')
  expect(figureText(figure({ n: 52_270_000, unit: 'fen' }))).toBe('522,700 元')
})

it('names a figure in plain words where there are some', async () => {
  expect([figureName(figure({ key: 'hazard.closed' })), figureName(figure({}))]).toEqual(['改好销号', '甲（按级别）'])
  await setLocale('en')
  expect(figureName(figure({}))).toBe('A, by grade')
})
