// SPDX-License-Identifier: Apache-2.0

import { expect, it } from 'vitest'
import { newKey } from './key'

it('makes keys that the server takes, no two alike', () => {
  const keys = Array.from({ length: 200 }, newKey)
  for (const key of keys) expect(key).toMatch(/^[0-9A-Za-z_-]{16,64}$/)
  expect(new Set(keys).size).toBe(keys.length)
})
