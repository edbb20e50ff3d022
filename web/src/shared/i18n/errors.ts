// SPDX-License-Identifier: Apache-2.0

/**
 * Sentences for failures. The server sends a key and values, the sentence is
 * written here. All catalogues of a language are one chunk, fetched when the first
 * failure is shown. What must be said while nothing can be fetched is built in.
 */
import { shallowRef } from 'vue'
import type { ApiError } from '../api/problem'
import { locale, type Locale } from './index'
import { fill, type Values } from './fill'

export type Catalogue = Readonly<Record<string, string>>

const builtIn: Record<Locale, Catalogue> = {
  'zh-CN': {
    network: '网络不通。请检查网络后再试，您填写的内容不会丢。',
    timeout: '等了很久没有回音。请换个网络好的地方再试。',
    unavailable: '系统正在维护，请过一会儿再试。',
    internal: '系统出了问题，请过一会儿再试。',
  },
  en: {
    network: 'No connection. Check your network and try again; what you typed is kept.',
    timeout: 'There was no answer for a long time. Try again where the signal is better.',
    unavailable: 'The service is being maintained. Please try again in a while.',
    internal: 'Something went wrong on our side. Please try again in a while.',
  },
}

const load: Record<Locale, () => Promise<{ default: Catalogue }>> = {
  'zh-CN': () => import('./catalogue.zh-CN'),
  en: () => import('./catalogue.en'),
}

const catalogues = shallowRef<Partial<Record<Locale, Catalogue>>>({})

/** Fetches the sentences of the current language. Never rejects: offline, the built-in ones remain. */
export async function errorsReady(): Promise<void> {
  const l = locale.value
  if (catalogues.value[l]) return
  try {
    const { default: catalogue } = await load[l]()
    catalogues.value = { ...catalogues.value, [l]: catalogue }
  } catch {
    // The next failure tries again.
  }
}

/**
 * The sentence of a failure, in the language of the page. Until the catalogue has
 * come it is a general one; in a template it changes by itself.
 */
export function errorText(problem: Pick<ApiError, 'key' | 'args' | 'status'>): string {
  return keyText(problem.key, problem.args, problem.status >= 500 || problem.status === 0 ? 'internal' : 'invalid')
}

/** The same, once the catalogue is here: for messages that are shown once. */
export async function errorSentence(problem: Pick<ApiError, 'key' | 'args' | 'status'>): Promise<string> {
  await errorsReady()
  return errorText(problem)
}

/** The sentence of one refused input (`field.too_short` …). */
export function fieldText(field: { key: string; args?: Values }): string {
  return keyText(field.key, field.args, 'field.invalid')
}

function keyText(key: string, args: Values | undefined, otherwise: string): string {
  const l = locale.value
  const known = catalogues.value[l]
  if (!known && !(key in builtIn[l])) void errorsReady()
  const find = (k: string): string | undefined => known?.[k] ?? builtIn[l][k]
  return fill(find(key) ?? find(otherwise) ?? builtIn[l].internal ?? key, args)
}
