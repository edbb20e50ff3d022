// SPDX-License-Identifier: Apache-2.0

import createClient from 'openapi-fetch'
import { asApiError, toApiError } from './problem'
import type { paths } from './schema'

/** How long an answer may take before the request counts as lost. */
const patience = 20_000

/** Fetch that gives up after `patience`, so that a dead connection is noticed. */
async function patientFetch(request: Request): Promise<Response> {
  const giveUp = new AbortController()
  const timer = setTimeout(() => giveUp.abort(), patience)
  request.signal.addEventListener('abort', () => giveUp.abort())
  try {
    return await fetch(request, { signal: giveUp.signal })
  } finally {
    clearTimeout(timer)
  }
}

/**
 * The REST interface, typed by its OpenAPI document. Every failure throws an
 * ApiError; read the data of a success with `ok`:
 *
 *     const home = await ok(api.GET('/api/v1/public/home'))
 */
export const api = createClient<paths>({ baseUrl: location.origin, fetch: patientFetch })

api.use({
  async onResponse({ response }) {
    if (response.ok) return
    throw toApiError(response.status, await response.text(), response.headers.get('Retry-After'))
  },
  onError: ({ error }) => asApiError(error),
})

/** The data of an answer. An answer without a body gives undefined. */
export async function ok<T>(answer: Promise<{ data?: T; error?: unknown }>): Promise<T> {
  try {
    return (await answer).data as T
  } catch (thrown) {
    throw asApiError(thrown)
  }
}
