// SPDX-License-Identifier: Apache-2.0

import { describe, expect, it } from 'vitest'
import { faultOf, readCode, showCode } from './code'

describe('readCode', () => {
  const cases: [string, string][] = [
    ['7KQM-2XWD-9H4T-AB3C', '7KQM2XWD9H4TAB3C'],
    [' 7kqm 2xwd\t9h4t—ab3c ', '7KQM2XWD9H4TAB3C'],
    ['７ｋｑｍ－２ｘｗｄ', '7KQM2XWD'], // a Chinese keyboard's full-width letters
    ['查询码：7KQM', '7KQM'],
    ['', ''],
  ]
  it.each(cases)('%s', (typed, code) => expect(readCode(typed)).toBe(code))
})

describe('faultOf', () => {
  it('sees nothing wrong with a code', () => expect(faultOf('7KQM2XWD9H4TAB3C')).toBeUndefined())
  it('asks for one', () => expect(faultOf('')).toBe('empty'))
  it.each(['0', '1', 'I', 'L', 'O', 'U'])('knows that no code holds %s', (c) => expect(faultOf(`7KQM${c}`)).toBe('misread'))
})

it('shows a code as the server writes it, however it was kept', () => {
  expect(showCode('7KQM2XWD9H4TAB3C')).toBe('7KQM-2XWD-9H4T-AB3C')
  expect(showCode('7KQM-2XWD-9H4T-AB3C')).toBe('7KQM-2XWD-9H4T-AB3C')
  expect(showCode('')).toBe('')
})
