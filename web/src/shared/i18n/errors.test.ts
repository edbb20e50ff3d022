// SPDX-License-Identifier: Apache-2.0

import { afterEach, expect, it } from 'vitest'
import { ApiError } from '../api/problem'
import { errorSentence, errorText, fieldText } from './errors'
import { setLocale } from './index'

afterEach(() => setLocale('zh-CN'))

it('knows without a network what to say when there is none', () => {
  expect(errorText(new ApiError(0, 'network'))).toContain('网络不通')
})

it('says the sentence of the key, with its values', async () => {
  const problem = new ApiError(422, 'evidence.too_many_photos', { args: { limit: 9 } })
  expect(await errorSentence(problem)).toContain('9')
  expect(errorText(problem)).toContain('9')
})

it('says something general for a key it does not know', async () => {
  expect(await errorSentence(new ApiError(422, 'no.such_key'))).toBe('填写的内容有误，请检查标红的项目。')
  expect(await errorSentence(new ApiError(502, 'no.such_key'))).toBe('系统出了问题，请过一会儿再试。')
})

it('speaks English', async () => {
  await setLocale('en')
  expect(await errorSentence(new ApiError(404, 'not_found'))).toMatch(/^Not found/)
  expect(fieldText({ key: 'field.required' })).toBe('This must be filled in.')
})
