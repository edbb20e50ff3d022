// SPDX-License-Identifier: Apache-2.0

import { defineWords, locale } from '@/shared/i18n'
import zh from '../locales/zh-CN.console'
import type { Indicator } from '../use/figures'

export const t = defineWords(zh, () => import('../locales/en.console'))

export const nameOf = (indicator: Indicator): string => (locale.value === 'en' ? indicator.en : indicator.zh)

/** What is counted, "条"; money is shown in 元. */
export const unitName = (unit: string): string => (unit in zh.unit ? t(`unit.${unit as keyof typeof zh.unit}`) : unit)

/** One part of a figure's split. */
export const dimName = (dim: string): string => (dim in zh.dim ? t(`dim.${dim as keyof typeof zh.dim}`) : dim || t('dim.none'))
