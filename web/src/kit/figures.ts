// SPDX-License-Identifier: Apache-2.0

import { locale } from '@/shared/i18n'
import { showNumber } from '@/shared/i18n/when'
import { t } from './words'

/** A computed number as the server sends it; a ratio comes as what it is made of. */
export interface Figure {
  key: string
  zh: string
  en: string
  n: number
  num: number
  den: number
  ratio: boolean
  /** False while the past is still being counted. */
  complete: boolean
}

export function figureName({ zh, en }: Figure): string {
  return locale.value === 'en' ? en : zh
}

/** "1,237"; of a ratio both numbers, never a bare percentage. */
export function figureText({ n, num, den, ratio }: Figure): string {
  return ratio ? t('ratio', { num: showNumber(num), den: showNumber(den) }) : showNumber(n)
}
