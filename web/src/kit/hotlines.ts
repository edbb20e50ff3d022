// SPDX-License-Identifier: Apache-2.0

import { locale } from '@/shared/i18n'
import { t } from './words'

export interface Hotline {
  number: string
  name: string
}

/** A number as the server names it, in the language of the page. */
export function hotlineOf({ number, zh, en }: { number: string; zh: string; en: string }): Hotline {
  return { number, name: locale.value === 'en' ? en : zh }
}

/** Numbers that work everywhere in the country. */
const numbers = ['12350', '12345', '119', '96119'] as const

/** The nation-wide numbers, for a page that cannot ask for the local ones. */
export function nationalHotlines(): Hotline[] {
  return numbers.map((number) => ({ number, name: t(`phones.${number}`) }))
}
