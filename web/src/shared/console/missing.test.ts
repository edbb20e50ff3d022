// SPDX-License-Identifier: Apache-2.0

import { beforeEach, expect, it } from 'vitest'
import { sayMissing } from './missing'

beforeEach(() => {
  const form = document.createElement('form')
  const input = Object.assign(document.createElement('input'), { required: true })
  form.append(input, Object.assign(document.createElement('button'), { type: 'submit' }))
  document.body.replaceChildren(form)
})

it('says in the language of the page what a form lacks, and judges anew what was filled in', () => {
  sayMissing(document)
  const input = document.querySelector('input')
  if (!input) throw new Error('no input')
  input.checkValidity()
  expect(input.validationMessage).toBe('请填写这一项。')

  input.value = '通道已清'
  input.dispatchEvent(new Event('input', { bubbles: true }))
  expect(input.checkValidity()).toBe(true)

  input.value = ''
  input.checkValidity()
  input.value = '由旁边的选项填入' // no event, as when a page fills it in
  document.querySelector('form')?.addEventListener('submit', (sent) => sent.preventDefault())
  document.querySelector('button')?.click()
  expect(input.checkValidity()).toBe(true)
})
