// SPDX-License-Identifier: Apache-2.0

import type { Values } from '../i18n/fill'

/** One input that the server refused. */
export interface RefusedField {
  /** Where it lies in the request: "body.words". */
  at: string
  /** Key of the sentence: "field.too_short". */
  key: string
  args?: Values
}

/**
 * A request that failed. `key` names the sentence to show (errorText). Status 0
 * means that no answer came: key "network" or "timeout".
 */
export class ApiError extends Error {
  readonly status: number
  readonly key: string
  readonly args: Values
  readonly fields: readonly RefusedField[]
  /** Seconds to wait before trying again, when the server says so. */
  readonly retryAfter: number | undefined
  /** Id of the request, to quote to the operator. */
  readonly trace: string | undefined

  constructor(status: number, key: string, more: Partial<Pick<ApiError, 'args' | 'fields' | 'retryAfter' | 'trace'>> = {}) {
    super(`${status} ${key}`)
    this.name = 'ApiError'
    this.status = status
    this.key = key
    this.args = more.args ?? {}
    this.fields = more.fields ?? []
    this.retryAfter = more.retryAfter
    this.trace = more.trace
  }

  /** Whether the same request may succeed later, unchanged. */
  get passing(): boolean {
    if (this.status === 0) return this.key !== 'internal'
    return this.status === 408 || this.status === 429 || this.status >= 500
  }

  /** Finds the refused input that lies at `at` or below it. */
  field(at: string): RefusedField | undefined {
    return this.fields.find((f) => f.at === at || f.at.startsWith(`${at}.`) || f.at.startsWith(`${at}[`))
  }
}

/** Reads a failed answer: a problem document, or whatever a proxy put in its place. */
export function toApiError(status: number, body: string, retryAfter: string | null): ApiError {
  const wait = retryAfter === null || !/^\d+$/.test(retryAfter) ? undefined : Number(retryAfter)
  const problem = parse(body)
  const key = typeof problem.key === 'string' ? problem.key : keyOfStatus(status)
  return new ApiError(status, key, {
    args: isRecord(problem.args) ? problem.args : {},
    fields: Array.isArray(problem.fields) ? problem.fields.filter(isField) : [],
    retryAfter: wait,
    trace: typeof problem.trace === 'string' ? problem.trace : undefined,
  })
}

/**
 * Turns whatever a request threw into an ApiError. An answer that is not JSON counts
 * as no connection: it is the sign-in page of a hotel or café network.
 */
export function asApiError(thrown: unknown): ApiError {
  if (thrown instanceof ApiError) return thrown
  if (thrown instanceof DOMException && thrown.name === 'AbortError') return new ApiError(0, 'timeout')
  const noAnswer = thrown instanceof TypeError || thrown instanceof SyntaxError || thrown instanceof DOMException
  return new ApiError(0, noAnswer ? 'network' : 'internal')
}

function keyOfStatus(status: number): string {
  const keys: Record<number, string> = { 404: 'not_found', 413: 'too_large', 429: 'too_many_requests' }
  return keys[status] ?? (status === 500 ? 'internal' : status > 500 ? 'unavailable' : 'invalid')
}

function parse(body: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(body)
    return isRecord(value) ? value : {}
  } catch {
    return {}
  }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function isField(value: unknown): value is RefusedField {
  return isRecord(value) && typeof value.at === 'string' && typeof value.key === 'string'
}
