// SPDX-License-Identifier: Apache-2.0

import { defineWords } from '@/shared/i18n'
import zh from '../locales/zh-CN.console'

export const t = defineWords(zh, () => import('../locales/en.console'))

/** The word for a reason that a step gave; an unknown one as it stands. */
export const reasonName = (reason: string): string => (reason in zh.reason ? t(`reason.${reason as keyof typeof zh.reason}`) : reason)

/** What a picture was for. */
export const purposeName = (purpose: string): string =>
  t(`purpose.${purpose in zh.purpose ? (purpose as keyof typeof zh.purpose) : 'other'}`)

/** The law beside a step, "" when none is quoted. */
export const lawOf = (action: string): string => (action in zh.law ? t(`law.${action as keyof typeof zh.law}`) : '')

/** What a clock means. */
export const clockNote = (kind: string): string => (kind in zh.clock ? t(`clock.${kind as keyof typeof zh.clock}`) : '')

export const sourceName = (source: string): string => (source in zh.source ? t(`source.${source as keyof typeof zh.source}`) : source)
