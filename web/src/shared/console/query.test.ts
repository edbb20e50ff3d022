// SPDX-License-Identifier: Apache-2.0

import { describe, expect, it } from 'vitest'
import { fromQuery, toParams, toQuery } from './query'

const usual = { q: '', status: [] as string[], open: true, place: '' }

describe('filters in the address', () => {
  it('says nothing for the defaults', () => {
    expect(toQuery(usual, usual)).toEqual({})
    expect(fromQuery({}, usual)).toEqual(usual)
  })

  it.each([
    { q: '消防 通道', status: ['ordered', 'overdue'], open: false, place: 'cn/99/9901/' },
    { q: 'a&b=c', status: [], open: true, place: '' },
  ])('comes back as it was written: %o', (filters) => {
    expect(fromQuery(toQuery(filters, usual), usual)).toEqual(filters)
  })

  it('takes the last of repeated words and ignores strangers', () => {
    expect(fromQuery({ q: ['一', '二'], other: 'x' }, usual)).toEqual({ ...usual, q: '二' })
  })
})

it('sends only what narrows the list', () => {
  expect(toParams({ q: '', status: ['ordered', 'overdue'], open: true, overdue: false, place: 'cn/99/' })).toEqual({
    status: 'ordered,overdue',
    open: 'true',
    place: 'cn/99/',
  })
})
