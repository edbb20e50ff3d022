// SPDX-License-Identifier: Apache-2.0

import { describe, expect, it } from 'vitest'
import { setLocale } from '@/shared/i18n'
import { monthWeeks } from './calendar'
import { applying, emptyValue, sourceOf, type Rule, type SpecialDay } from './rules'

const rule = (id: string, place: string, valid_from: string, valid_to = ''): Rule => ({
  id, key: 'hazard.triage', place, valid_from, valid_to, value: { n: 1, kind: 'working' }, source_doc: '', source_en: '', note: '', builtin: false, version: 1,
})

describe('applying', () => {
  const all = [
    rule('nation', 'cn/', '2015-01-01'),
    rule('old', 'cn/99/', '2020-01-01', '2025-12-31'),
    rule('province', 'cn/99/', '2026-01-01'),
    rule('other', 'cn/98/', '2026-01-01'),
    rule('future', 'cn/99/', '2027-01-01'),
  ]

  it('puts the most specific division first and leaves the others as reasons', () => {
    expect(applying(all, 'hazard.triage', 'cn/99/9901/', '2026-11-24').map((one) => one.id)).toEqual(['province', 'nation'])
  })

  it('goes by the day', () => {
    expect(applying(all, 'hazard.triage', 'cn/99/', '2021-06-16')[0]?.id).toBe('old')
    expect(applying(all, 'hazard.triage', 'cn/99/', '2027-01-01')[0]?.id).toBe('future')
  })

  it('knows no rule of another key', () => {
    expect(applying(all, 'hazard.accept', 'cn/99/', '2026-11-24')).toEqual([])
  })
})

it('names the source in the language of the page, where it has one', async () => {
  const builtin = { source_doc: '暂行规定', source_en: 'Interim Provisions' }
  const own = { source_doc: '县安委办〔2026〕3号', source_en: '' }
  expect([builtin, own].map(sourceOf)).toEqual(['暂行规定', '县安委办〔2026〕3号'])
  await setLocale('en')
  expect([builtin, own].map(sourceOf)).toEqual(['Interim Provisions', '县安委办〔2026〕3号'])
  await setLocale('zh-CN')
})

it('begins a form with a value of the right kind', () => {
  expect(emptyValue('term')).toEqual({ n: 1, kind: 'working' })
  expect(emptyValue('list')).toEqual([])
  expect(emptyValue('list')).not.toBe(emptyValue('list'))
})

describe('monthWeeks', () => {
  const special = new Map<string, SpecialDay>([
    ['2026-10-01', { day: '2026-10-01', kind: 'off', name: '国庆节' }],
    ['2026-10-10', { day: '2026-10-10', kind: 'work', name: '国庆节调休' }],
  ])
  const october = monthWeeks(2026, 10, special)

  it('lays a month out from Monday to Sunday', () => {
    expect(october[0]?.map((one) => one?.date)).toEqual([undefined, undefined, undefined, 1, 2, 3, 4])
    expect(october.flat().filter(Boolean)).toHaveLength(31)
    expect(october.every((week) => week.length === 7)).toBe(true)
  })

  it('tells working days by weekday and notice', () => {
    const day = (date: number) => october.flat().find((one) => one?.date === date)
    expect(day(1)).toMatchObject({ working: false, special: { name: '国庆节' } })
    expect(day(10)).toMatchObject({ working: true })
    expect(day(11)).toMatchObject({ working: false })
    expect(day(12)).toMatchObject({ working: true })
  })

  it('knows leap years', () => {
    expect(monthWeeks(2024, 2, new Map()).flat().filter(Boolean)).toHaveLength(29)
  })
})
