// SPDX-License-Identifier: Apache-2.0

import { asApiError, newKey, toApiError, type ApiError } from '@/shared/api'

/** Values of an address; empty ones are left out. */
export type Params = Record<string, string | number | boolean | undefined>

/** A page of a list; `next` is the cursor of the page after it, absent or "" on the last. */
export interface Page<T> {
  items: T[] | null
  next?: string
}

interface Call {
  params?: Params | undefined
  body?: unknown
  /** The same key with the same body is done once, however often it is sent. */
  key?: string
  signal?: AbortSignal
}

/**
 * What to do about a refusal that the person can lift at once: sign in again when the session has
 * ended ("auth.sign_in"), or prove who they are before a sensitive act ("auth.confirm_needed").
 */
const remedies = new Map<string, () => Promise<void>>()

/** Sets what is done about refusals with this key. The remedy resolves to try again and rejects to give up. */
export function remedy(key: string, apply: () => Promise<void>): void {
  remedies.set(key, apply)
}

export const get = <T>(path: string, params?: Params, signal?: AbortSignal): Promise<T> =>
  send<T>('GET', path, { params, ...(signal && { signal }) })
export const post = <T = void>(path: string, body?: unknown, more: Call = {}): Promise<T> =>
  send<T>('POST', path, { ...more, body: body ?? {} })
export const put = <T = void>(path: string, body: unknown): Promise<T> => send<T>('PUT', path, { body })
export const remove = <T = void>(path: string): Promise<T> => send<T>('DELETE', path, {})

/** Sends what may be repeated after a lost answer without being done twice. */
export const postOnce = <T = void>(path: string, body: unknown, key = newKey()): Promise<T> =>
  send<T>('POST', path, { body, key })

/** The address of a download, for a link. */
export const address = (path: string, params: Params = {}): string => `/api/v1${path}${search(params)}`

async function send<T>(method: string, path: string, call: Call): Promise<T> {
  try {
    return await once<T>(method, path, call)
  } catch (thrown) {
    const problem = asApiError(thrown)
    const apply = remedyFor(problem, path)
    if (!apply) throw problem
    await apply().catch(() => Promise.reject(problem))
    return once<T>(method, path, call)
  }
}

/** None for `/me`, which is how the page learns that nobody is signed in, and for signing in itself. */
function remedyFor(problem: ApiError, path: string): (() => Promise<void>) | undefined {
  return path === '/me' || path.startsWith('/auth/') ? undefined : remedies.get(problem.key)
}

async function once<T>(method: string, path: string, call: Call): Promise<T> {
  const raw = call.body instanceof Blob
  const response = await fetch(address(path, call.params), {
    method,
    signal: call.signal ?? null,
    headers: {
      ...(call.body === undefined ? {} : { 'Content-Type': raw ? (call.body as Blob).type : 'application/json' }),
      ...(call.key ? { 'Idempotency-Key': call.key } : {}),
    },
    body: call.body === undefined ? null : raw ? (call.body as Blob) : JSON.stringify(call.body),
  })
  const text = await response.text()
  if (!response.ok) throw toApiError(response.status, text, response.headers.get('Retry-After'))
  return (text ? JSON.parse(text) : undefined) as T
}

function search(params: Params): string {
  const given = Object.entries(params).filter(([, value]) => value !== undefined && value !== '')
  return given.length ? `?${new URLSearchParams(given.map(([name, value]) => [name, String(value)]))}` : ''
}
