// SPDX-License-Identifier: Apache-2.0

import { get, type Page, type Params } from '@/shared/console/http'
import { showNumber } from '@/shared/i18n/when'

export interface Indicator {
  key: string
  zh: string
  en: string
  /** What is counted: item, firm, fen … */
  unit: string
  op: 'flow' | 'stock' | 'ratio' | 'sum'
  /** False while it is being counted from the beginning. */
  live?: boolean
}

export interface Figure {
  key: string
  op: Indicator['op']
  unit: string
  n: number
  /** Of a ratio; a parent adds numerators and denominators. */
  ratio?: { num: number; den: number }
  /** How n splits. */
  dims?: Record<string, number>
  complete: boolean
}

export interface Point {
  day?: string
  place?: string
  unit?: string
  name?: string
  figure: Figure
}

/** An entry of the ledger, with what it adds to the figure. */
export interface Counted {
  id: string
  kind: string
  happened: string
  place_name: string
  unit_name: string
  subject: string
  counts: { key: string; dim: string; n: number }[] | null
}

export type By = 'day' | 'region' | 'unit'

export const indicators = async (): Promise<Indicator[]> =>
  (await get<{ items: Indicator[] | null }>('/indicators')).items ?? []

export async function figures(keys: string[], scope: Params): Promise<Figure[]> {
  if (keys.length === 0) return []
  return (await get<{ items: Figure[] | null }>('/figures', { ...scope, keys: keys.join(',') })).items ?? []
}

export const series = async (key: string, by: By, scope: Params): Promise<Point[]> =>
  (await get<{ items: Point[] | null }>(`/figures/${key}/series`, { ...scope, by })).items ?? []

export const entries = (key: string, scope: Params, cursor: string): Promise<Page<Counted>> =>
  get(`/figures/${key}/entries`, { ...scope, cursor })

/** The number of a figure for a chart: a ratio in percent, money in 元. */
export function numberOf(figure: Figure): number {
  if (figure.ratio) return figure.ratio.den ? Math.round((figure.ratio.num / figure.ratio.den) * 1000) / 10 : 0
  return figure.unit === 'fen' ? figure.n / 100 : figure.n
}

/** The number of a figure as people read it; a ratio of nothing is "–", never 0 %. */
export function shownNumber(figure: Figure): string {
  if (figure.ratio) return figure.ratio.den ? `${numberOf(figure)}%` : '–'
  return showNumber(numberOf(figure))
}
