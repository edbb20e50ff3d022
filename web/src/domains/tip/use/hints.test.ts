// SPDX-License-Identifier: Apache-2.0

import { describe, expect, it } from 'vitest'
import { findHints, makeSafer, type HintKind } from './hints'

describe('findHints', () => {
  it.each<[string, HintKind, string, string | undefined]>([
    ['我是电焊工，看不下去了。', 'role', '我是电焊工', ''],
    ['我们班组没有培训。', 'group', '我们班组', '某班组'],
    ['夜班只有三个人在场。', 'group', '只有三个人', undefined],
    ['11月3日出的事。', 'day', '11月3日', '11月上旬'],
    ['2026年11月23日出的事。', 'day', '2026年11月23日', '11月下旬'],
    ['下午3点20分停的电。', 'hour', '下午3点20分', '下午'],
    ['王经理让人关了报警器。', 'name', '王经理', '有关负责人'],
    ['老李不让说。', 'name', '老李', '某人'],
    ['库里放了37吨硝铵。', 'quantity', '37吨', '几十吨'],
    ['打13800001234找人。', 'number', '13800001234', '某电话'],
    ['我亲眼看见他们关了阀门。', 'self', '我亲眼看见', '有人看到'],
    ['这事只有我知道。', 'secret', '只有我知道', undefined],
    ['昨天又冒烟。', 'day', '昨天', '近日'],
    ['群里发过通知。', 'secret', '群里', undefined],
    ['Mr. Smith said so.', 'name', 'Mr. Smith', 'a manager'],
  ])('%s', (text, kind, found, safer) => {
    const hint = findHints(text).find((h) => h.found === found)
    expect(hint).toEqual({ kind, found, ...(safer !== undefined && { safer }) })
  })

  it.each([
    '楼道里停着电动车充电，把安全出口堵住了。',
    '仓库里危险化学品和木箱堆在一起，消防栓打不开。',
    '我国法律规定要持证上岗。',
    '库里放了大约100吨。',
    '位于小王村路口。',
    'The fire exit is blocked by crates.',
  ])('has nothing to say of: %s', (text) => expect(findHints(text)).toEqual([]))

  it('takes each word for one hint only, in the order of the text, and not too many', () => {
    const hints = findHints('我们班组11月3日下午3点20分看到王经理。')
    expect(hints.map((h) => h.kind)).toEqual(['group', 'day', 'hour', 'name'])
    expect(findHints('11月3日、11月4日、11月5日、11月6日、11月7日、11月8日、11月9日、11月10日、11月11日').length).toBe(8)
  })
})

it('puts the safer words wherever the others stand', () => {
  const text = '我们班组没有培训，我们班组也没有证。'
  const [hint] = findHints(text)
  expect(hint && makeSafer(text, hint)).toBe('某班组没有培训，某班组也没有证。')
  expect(findHints(makeSafer(text, hint ?? { kind: 'self', found: '' }))).toEqual([])
})
