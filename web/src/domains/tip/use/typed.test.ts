// SPDX-License-Identifier: Apache-2.0

import { expect, it } from 'vitest'
import { makeCode, showCode } from '@/shared/crypto/code'
import { readCode } from '@/domains/hazard/use/code'
import { kindOfCode } from './typed'

it('tells the codes of tips from those of hazards, however they were typed', () => {
  expect(kindOfCode(readCode(showCode(makeCode()).toLowerCase()))).toBe('tip')
  expect(kindOfCode(readCode('7KQM-2XWD-9H4T-AB3C'))).toBe('hazard')
  expect([kindOfCode(''), kindOfCode('7KQM'), kindOfCode('7'.repeat(23))]).toEqual([undefined, undefined, undefined])
})
