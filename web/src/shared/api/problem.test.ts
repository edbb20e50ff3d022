// SPDX-License-Identifier: Apache-2.0

import { describe, expect, it } from 'vitest'
import { ApiError, asApiError, toApiError } from './problem'

describe('toApiError', () => {
  it('reads a problem document', () => {
    const body = JSON.stringify({
      status: 422, key: 'invalid', args: { n: 1 }, trace: 'abc',
      fields: [{ at: 'body.words', key: 'field.too_short' }, 'nonsense'],
    })
    const problem = toApiError(422, body, null)
    expect(problem).toMatchObject({ status: 422, key: 'invalid', args: { n: 1 }, trace: 'abc' })
    expect(problem.fields).toHaveLength(1)
    expect(problem.field('body.words')?.key).toBe('field.too_short')
    expect(problem.field('body')?.key).toBe('field.too_short')
    expect(problem.field('body.wo')).toBeUndefined()
  })

  const proxies: [number, string, string][] = [
    [502, '<html>Bad Gateway</html>', 'unavailable'],
    [503, '', 'unavailable'],
    [500, 'null', 'internal'],
    [404, '[]', 'not_found'],
    [413, '{"key": 5}', 'too_large'],
    [429, '', 'too_many_requests'],
    [400, '', 'invalid'],
  ]
  it.each(proxies)('makes sense of a %i that is none: %s', (status, body, key) => {
    expect(toApiError(status, body, null).key).toBe(key)
  })

  it('reads how long to wait', () => {
    expect(toApiError(503, '', '7').retryAfter).toBe(7)
    expect(toApiError(503, '', 'Tue, 24 Nov 2026 12:00:00 GMT').retryAfter).toBeUndefined()
    expect(toApiError(503, '', null).retryAfter).toBeUndefined()
  })
})

describe('passing', () => {
  const cases: [ApiError, boolean][] = [
    [new ApiError(0, 'network'), true],
    [new ApiError(0, 'timeout'), true],
    [new ApiError(0, 'internal'), false], // a fault of ours: trying again will not help
    [new ApiError(408, 'request_timeout'), true],
    [new ApiError(429, 'too_many_requests'), true],
    [new ApiError(503, 'unavailable'), true],
    [new ApiError(422, 'invalid'), false],
    [new ApiError(409, 'hazard.changed'), false],
    [new ApiError(413, 'too_large'), false],
  ]
  it.each(cases)('%s: %s', (error, passing) => expect(error.passing).toBe(passing))
})

describe('asApiError', () => {
  it('keeps an ApiError', () => {
    const error = new ApiError(404, 'not_found')
    expect(asApiError(error)).toBe(error)
  })
  it('takes a failed fetch and a page in place of JSON for no connection', () => {
    expect(asApiError(new TypeError('Failed to fetch')).key).toBe('network')
    expect(asApiError(new SyntaxError('Unexpected token <')).key).toBe('network')
    expect(asApiError(new DOMException('', 'AbortError')).key).toBe('timeout')
  })
  it('takes anything else for a fault of ours', () => expect(asApiError(new Error('?')).key).toBe('internal'))
})
