// SPDX-License-Identifier: Apache-2.0

import { describe, expect, it } from 'vitest'
import type { Detail, Step } from './hazards'
import { bodyOf, emptyStep, fenOf, picturesOf, wordsOf } from './stepform'

const hazard = {
  grade: '', class: 'environment', accident: '', factor: '', inspection: '', standard: '', clause: '',
  unit_id: 'u1', unit_name: '示范化工', suggest_deadline: '2026-12-09',
} as unknown as Detail

const step = (action: Step['action'], ...needs: string[]): Step => ({ action, needs, allowed: true, party: 'desk', unit_name: '' })
const none = { before: [], after: [] }
const photo = { id: 'e1', key: 'k1' }

describe('bodyOf', () => {
  it('sends a triage without what was left empty', () => {
    const form = { ...emptyStep(hazard), grade: 'general' as const, accident: '7' }
    expect(bodyOf(step('triage', 'grade', 'class'), 3, form, none)).toEqual({
      action: 'triage', version: 3, grade: 'general', class: 'environment', accident: '7', unit_id: 'u1',
    })
  })

  it('sends standard and clause only for a major hazard', () => {
    const form = { ...emptyStep(hazard), standard: 'mem-10-2023', clause: '第十一条（一）' }
    const major = bodyOf(step('regrade', 'grade', 'words'), 1, { ...form, grade: 'major', words: ' 升级 ' }, none)
    expect(major).toEqual({
      action: 'regrade', version: 1, grade: 'major', standard: 'mem-10-2023', clause: '第十一条（一）', words: '升级',
    })
    expect(bodyOf(step('regrade', 'grade'), 1, { ...form, grade: 'general' }, none)).not.toHaveProperty('standard')
  })

  it('proposes the usual last day and the unit for an order, and counts money in fen', () => {
    const form = emptyStep(hazard)
    Object.assign(form.order, {
      owner_name: '周工', measures: '更换', yuan: 1234.56, money_source: '自筹', money_reason: '不该发', interim: '停用', emergency: '撤离',
    })
    expect(bodyOf(step('order', 'order'), 2, form, none).order).toEqual({
      owner_unit: 'u1', owner_name: '周工', measures: '更换', fen: 123456, money_source: '自筹',
      deadline: '2026-12-09', interim: '停用', emergency: '撤离',
    })
  })

  it('gives the reason when an order needs no money, and a known person before a typed name', () => {
    const form = emptyStep(hazard)
    Object.assign(form.order, { owner_person: 'p1', owner_name: '旧名', yuan: 0, money_source: '旧', money_reason: '人工即可' })
    const order = bodyOf(step('order', 'order'), 2, form, none).order
    expect(order).toMatchObject({ owner_person: 'p1', money_reason: '人工即可' })
    expect(order).not.toHaveProperty('owner_name')
    expect(order).not.toHaveProperty('money_source')
  })

  it('attaches the pictures that the step takes', () => {
    const pictures = { before: [photo], after: [photo] }
    expect(bodyOf(step('submit', 'words', 'after'), 5, { ...emptyStep(hazard), words: '已换' }, pictures)).toEqual({
      action: 'submit', version: 5, words: '已换', after: [photo],
    })
  })
})

it('knows which steps take words and pictures', () => {
  expect(wordsOf(step('reject', 'reason', 'words'))).toBe('needed')
  expect(wordsOf(step('close'))).toBe('optional')
  expect(wordsOf(step('mark_duplicate', 'master'))).toBe('none')
  expect(picturesOf(step('fix_on_spot', 'words', 'before', 'after'))).toEqual(['before', 'after'])
  expect(picturesOf(step('accept', 'words'))).toEqual(['after'])
  expect(picturesOf(step('reject', 'reason', 'words'))).toEqual([])
})

it('rounds money to whole fen', () => {
  expect([0.1 + 0.2, 19.99, Number.NaN].map(fenOf)).toEqual([30, 1999, 0])
})
