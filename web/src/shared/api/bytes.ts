// SPDX-License-Identifier: Apache-2.0

import { ApiError, asApiError, toApiError } from './problem'

/** How long an upload may stand still before the connection counts as dead. */
const stillness = 30_000

export interface Bytes {
  method: 'POST' | 'PUT'
  url: string
  body: Blob
  headers?: Readonly<Record<string, string>>
  /** Called with how many bytes have gone out. */
  onProgress?: (sent: number) => void
}

/**
 * Sends raw bytes and reads a JSON answer. XMLHttpRequest, because fetch cannot
 * tell how far an upload is. Failures throw an ApiError.
 */
export function sendBytes<T>({ method, url, body, headers = {}, onProgress }: Bytes): Promise<T> {
  return new Promise((resolve, reject) => {
    const xhr = new XMLHttpRequest()
    const guard = watchStillness(() => xhr.abort())
    const fail = (key: string) => (): void => {
      guard.end()
      reject(new ApiError(0, key))
    }
    xhr.open(method, url)
    for (const [name, value] of Object.entries(headers)) xhr.setRequestHeader(name, value)
    xhr.upload.onprogress = (event) => {
      guard.moved()
      onProgress?.(event.loaded)
    }
    xhr.onload = () => {
      guard.end()
      try {
        resolve(read<T>(xhr))
      } catch (thrown) {
        reject(asApiError(thrown))
      }
    }
    xhr.onerror = fail('network')
    xhr.onabort = fail('timeout')
    xhr.send(body)
  })
}

function read<T>(xhr: XMLHttpRequest): T {
  if (xhr.status >= 200 && xhr.status < 300) return JSON.parse(xhr.responseText) as T
  throw toApiError(xhr.status, xhr.responseText, xhr.getResponseHeader('Retry-After'))
}

function watchStillness(still: () => void): { moved: () => void; end: () => void } {
  let timer = setTimeout(still, stillness)
  return {
    moved: () => {
      clearTimeout(timer)
      timer = setTimeout(still, stillness)
    },
    end: () => clearTimeout(timer),
  }
}
