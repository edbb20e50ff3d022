// SPDX-License-Identifier: Apache-2.0

import { shallowRef } from 'vue'
import { get } from '@/shared/console/http'
import { locale } from '@/shared/i18n'

export type ListName = 'accident_2025' | 'accident_1986' | 'hazard_factor' | 'inspection' | 'worker' | 'industry' | 'line'

export interface Code {
  code: string
  zh: string
  en: string
  /** The code above it in the same list. */
  parent?: string
}

interface Answer {
  lists: { name: string; items: Code[] | null }[] | null
}

const lists = shallowRef<Partial<Record<string, Code[]>>>({})
let reading: Promise<void> | undefined

/** Reads the code lists once; they change only with the program. A failed reading is tried again by the next page. */
export async function taxonomiesReady(): Promise<void> {
  reading ??= read()
  await reading
}

async function read(): Promise<void> {
  try {
    const answer = await get<Answer>('/public/taxonomies')
    lists.value = Object.fromEntries((answer.lists ?? []).map((list) => [list.name, list.items ?? []]))
  } catch {
    reading = undefined
  }
}

/** The codes of a list, in its official order; [] until the lists are here. */
export function codesOf(list: ListName): Code[] {
  void taxonomiesReady()
  return lists.value[list] ?? []
}

/** A code in the reader's language. */
export const labelOf = (code: Code): string => (locale.value === 'en' ? code.en : code.zh)

/** What a stored code means; the code itself when it is not known, "" for none. */
export function codeName(list: ListName, code: string): string {
  const known = code ? codesOf(list).find((item) => item.code === code) : undefined
  return known ? labelOf(known) : code
}
