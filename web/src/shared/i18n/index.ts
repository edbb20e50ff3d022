// SPDX-License-Identifier: Apache-2.0

/**
 * Words in two languages. Chinese comes with the code that uses it; English is
 * loaded when it is chosen. A part of the program keeps its words beside itself,
 * `locales/zh-CN.<face>.ts` and `locales/en.<face>.ts`, and makes its own typed `t`:
 *
 *     export const t = defineWords(zh, () => import('../locales/en.public'))
 *
 * so a page brings only its own words, and a wrong key or a missing English
 * sentence fails the type check.
 */
import { shallowRef, triggerRef } from 'vue'
import { fill, type Values } from './fill'
import { remember, remembered } from '../memory'

export type Locale = 'zh-CN' | 'en'

export interface Words {
  readonly [key: string]: string | Words
}

/** Widen is the shape of T with any sentences: what a translation of T must be. */
export type Widen<T> = { readonly [K in keyof T]: T[K] extends string ? string : Widen<T[K]> }

/** Key is a path to a sentence in T: 'report.title'. */
export type Key<T, Prefix extends string = ''> = {
  [K in keyof T & string]: T[K] extends string ? `${Prefix}${K}` : Key<T[K], `${Prefix}${K}.`>
}[keyof T & string]

/** The language that the pages are shown in. */
export const locale = shallowRef<Locale>('zh-CN')

interface Book {
  english: Words | undefined
  load: () => Promise<void>
}

const books: Book[] = []
const loading = new Set<Promise<void>>()

/** Makes `t` for one part's words. Values are put in as `fill` says. */
export function defineWords<T extends Words>(
  zh: T,
  en: () => Promise<{ default: Widen<T> }>,
): (key: Key<T>, values?: Values) => string {
  const book: Book = {
    english: undefined,
    load: async () => {
      book.english ??= (await en()).default as Words
    },
  }
  books.push(book)
  if (locale.value === 'en') track(book.load())
  return (key, values) => {
    const words = (locale.value === 'en' && book.english) || zh
    return fill(sentence(words, key) ?? sentence(zh, key) ?? key, values)
  }
}

/** Resolves when all English words asked for so far are here or have failed; a failed part stays Chinese. */
export async function wordsReady(): Promise<void> {
  await Promise.allSettled(loading)
}

/** Shows the pages in l from now on and remembers it. Rejects, and changes nothing, when the words cannot be loaded. */
export async function setLocale(l: Locale): Promise<void> {
  if (l === 'en') await Promise.all(books.map((book) => book.load()))
  locale.value = l
  document.documentElement.lang = l
  remember('locale', l)
}

/** Applies the language chosen on an earlier visit; Chinese when there is none. */
export async function restoreLocale(): Promise<void> {
  if (remembered('locale') !== 'en') return
  await setLocale('en').catch(() => undefined) // offline: Chinese is better than nothing
}

function track(load: Promise<void>): void {
  loading.add(load)
  load
    .then(() => triggerRef(locale))
    .catch(() => undefined)
    .finally(() => loading.delete(load))
}

function sentence(words: Words, key: string): string | undefined {
  let at: string | Words | undefined = words
  for (const part of key.split('.')) at = typeof at === 'object' ? at[part] : undefined
  return typeof at === 'string' ? at : undefined
}

/** Names one after another, as the language of the page writes them: 甲、乙; A, B. */
export const listed = (names: readonly string[]): string => names.join(locale.value === 'en' ? ', ' : '、')

/** A remark in brackets behind something, as the language of the page sets it. */
export const aside = (remark: string): string => (locale.value === 'en' ? ` (${remark})` : `（${remark}）`)
