// SPDX-License-Identifier: Apache-2.0

import { defineWords, listed } from '@/shared/i18n'
import zh from '../locales/zh-CN.console'
import type { RuleKey, RuleValue } from '../use/rules'

export const t = defineWords(zh, () => import('../locales/en.console'))

/** A rule's value as people say it: "3 个工作日", "是", "1、3、7 天". */
export function valueText(key: RuleKey, value: RuleValue): string {
  if (typeof value === 'boolean') return t(value ? 'value.yes' : 'value.no')
  if (Array.isArray(value)) return t('value.days', { list: listed(value.map(String)) })
  if (typeof value === 'object') return t(`value.${value.kind}`, { n: value.n })
  const unit = key.unit in zh.unit ? t(`unit.${key.unit as keyof typeof zh.unit}`) : key.unit
  return `${value} ${unit}`.trim()
}
