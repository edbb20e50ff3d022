// SPDX-License-Identifier: Apache-2.0

import { expect, it } from 'vitest'
import { ApiError } from '@/shared/api'
import { emptySetup, mayGoOn, stepOf } from './setup'

const refusing = (at: string): ApiError => new ApiError(422, 'invalid', { fields: [{ at, key: 'field.too_short' }] })

it.each([
  [new ApiError(403, 'auth.bad_setup_code'), 'start'],
  [refusing('body.region_code'), 'office'],
  [refusing('body.office_name'), 'office'],
  [refusing('body.audit.password'), 'admins'],
  [new ApiError(503, 'unavailable'), undefined],
])('%s is mended at step %s', (refusal, step) => {
  expect(stepOf(refusal)).toBe(step)
})

it('goes on when a step is filled in', () => {
  const form = emptySetup()
  expect(mayGoOn('start', form)).toBe(false)
  form.setup.code = '3QPW-S9BP-EFSS'
  expect(mayGoOn('start', form)).toBe(true)
})
