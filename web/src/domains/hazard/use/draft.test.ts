// SPDX-License-Identifier: Apache-2.0

import { describe, expect, it } from 'vitest'
import { faultsOf, holdsWork, newDraft, toReport, type Draft } from './draft'

const complete = (more: Partial<Draft> = {}): Draft => ({
  ...newDraft(''),
  danger: false,
  place: [{ path: 'cn/99/', name: '示范省' }, { path: 'cn/99/9901/', name: '示范市' }],
  words: '楼道堵住了',
  class: 'environment',
  ...more,
})

describe('faultsOf', () => {
  const cases: [string, Partial<Draft>, ReturnType<typeof faultsOf>][] = [
    ['nothing wrong', {}, {}],
    ['no place', { place: [] }, { place: 'placeMissing' }],
    ['a unit instead of a place', { place: [], unitCode: 'K7M2Q9XA' }, {}],
    ['three characters', { words: ' 堵住了 ' }, { words: 'wordsShort' }],
    ['four characters, one an emoji', { words: '着火了🔥' }, {}],
    ['2000 characters', { words: '火'.repeat(2000) }, {}],
    ['2001 characters', { words: '火'.repeat(2001) }, { words: 'wordsLong' }],
    ['no class', { class: '' }, { class: 'classMissing' }],
    ['words for a phone number', { contactPhone: '没有' }, { phone: 'phoneOdd' }],
    ['a mobile number', { contactPhone: ' 138 0000 0000 ' }, {}],
    ['a landline', { contactPhone: '0999-8123456' }, {}],
  ]
  it.each(cases)('%s', (_, more, want) => expect(faultsOf(complete(more))).toEqual(want))
  it('names all at once', () => expect(Object.keys(faultsOf(newDraft('')))).toEqual(['place', 'words', 'class']))
})

describe('toReport', () => {
  it('sends only what was given', () => {
    expect(toReport(complete())).toEqual({
      words: '楼道堵住了', place: 'cn/99/9901/', class: 'environment', danger: false, evidence: [],
    })
  })
  it('sends everything that was given, trimmed', () => {
    const report = toReport(
      complete({
        danger: true, spot: ' 三号楼 ', unitCode: 'K7M2Q9XA', contactPhone: ' 12345 ',
        position: { lat: 1, lng: 2, accuracy: 3 },
        photos: [{ id: 'a', sent: { id: 'e', key: 'k' } }],
      }),
    )
    expect(report).toMatchObject({
      danger: true, spot: '三号楼', unit_code: 'K7M2Q9XA', contact: { name: '', phone: '12345' },
      position: { lat: 1, lng: 2, accuracy: 3 }, evidence: [{ id: 'e', key: 'k' }],
    })
  })
  it('refuses an incomplete draft', () => expect(() => toReport(newDraft(''))).toThrow())
})

it('holds work once something would be lost', () => {
  expect(holdsWork(newDraft('K7M2Q9XA'))).toBe(false)
  expect(holdsWork({ ...newDraft(''), words: '电' })).toBe(true)
  expect(holdsWork({ ...newDraft(''), photos: [{ id: 'a' }] })).toBe(true)
})

it('gives every draft its own key', () => expect(newDraft('').id).not.toBe(newDraft('').id))
