// SPDX-License-Identifier: Apache-2.0

import { locale } from '@/shared/i18n'
import { showNumber } from '@/shared/i18n/when'
import { t } from './words'

/** A computed number as the server sends it; a ratio comes as what it is made of. */
export interface Figure {
  key: string
  zh: string
  en: string
  /** What is counted; "fen" for money. */
  unit: string
  n: number
  num: number
  den: number
  ratio: boolean
  /** False while the past is still being counted. */
  complete: boolean
}

/** Figures that have plainer names than their definitions in the catalogue of indicators. */
const plain = {
  'hazard.reported': 'figure.reported',
  'hazard.closed': 'figure.closed',
  'hazard.rectification_rate': 'figure.rate',
  'hazard.overdue': 'figure.overdue',
  'hazard.major': 'figure.major',
  'hazard.fund': 'figure.fund',
  'campaign.joined': 'figure.joined',
} as const

export function figureName({ key, zh, en }: Figure): string {
  if (key in plain) return t(plain[key as keyof typeof plain])
  return locale.value === 'en' ? en : zh
}

/** "1,237"; of a ratio both numbers, never a bare percentage; money in yuan. */
export function figureText({ unit, n, num, den, ratio }: Figure): string {
  if (ratio) return t('ratio', { num: showNumber(num), den: showNumber(den) })
  return unit === 'fen' ? t('yuan', { n: showNumber(Math.round(n / 100)) }) : showNumber(n)
}
