// SPDX-License-Identifier: Apache-2.0

import { expect, it } from 'vitest'
import { strengthOf } from './passphrase'

it.each([
  ['短的话', 'too_short'],
  ['12345678901234567890', 'plain'],
  ['aaaaaaaaaaaaaaaaaaaa', 'plain'],
  ['qwertyuiopasdfghjkl', 'plain'],
  ['anlan-password-2026', 'plain'],
  ['清明前后河堤看纸鸢', 'good'],
  ['three mild otters sing', 'fair'],
  ['three mild otters juggle 47 packed kettles', 'good'],
])('%s is %s', (passphrase, strength) => {
  expect(strengthOf(passphrase)).toBe(strength)
})

it('does not count what anybody knows of the officer', () => {
  expect(strengthOf('欧阳示范河堤看纸鸢')).toBe('good')
  expect(strengthOf('欧阳示范欧阳示范2026', ['欧阳示范'])).toBe('plain')
})
