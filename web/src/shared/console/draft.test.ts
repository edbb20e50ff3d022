// SPDX-License-Identifier: Apache-2.0

import { beforeEach, describe, expect, it } from 'vitest'
import { effectScope } from 'vue'
import { keepDraft, readDraft, useDraft } from './draft'

beforeEach(() => sessionStorage.clear())

const inScope = <T>(run: () => T): T => effectScope().run(run) as T

describe('useDraft', () => {
  it('keeps what was typed for the next visit', () => {
    inScope(() => useDraft('h1.order', { measures: '', funds: 0 })).form.measures = '更换防爆电机'
    const again = inScope(() => useDraft('h1.order', { measures: '', funds: 0 }))
    expect(again.form).toEqual({ measures: '更换防爆电机', funds: 0 })
  })

  it('keeps drafts of different things apart', () => {
    inScope(() => useDraft('h1.order', { note: '' })).form.note = '一'
    expect(inScope(() => useDraft('h2.order', { note: '' })).form.note).toBe('')
  })

  it('is forgotten once sent', () => {
    const { form, done } = inScope(() => useDraft('h1.close', { note: '' }))
    form.note = '销号'
    done()
    form.note = ''
    expect(readDraft('h1.close')).toEqual({})
  })

  it('takes only fields that the form has', () => {
    keepDraft('h1.order', { note: '留', stranger: 1 })
    expect(inScope(() => useDraft('h1.order', { note: '' })).form).toEqual({ note: '留' })
  })

  it('survives an unreadable draft', () => {
    sessionStorage.setItem('anlan.draft.h1.order', '{broken')
    expect(inScope(() => useDraft('h1.order', { note: '' })).form).toEqual({ note: '' })
  })
})
