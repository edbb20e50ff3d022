// SPDX-License-Identifier: Apache-2.0

import { defineWords } from '@/shared/i18n'
import zh from '../locales/zh-CN.kinds'

const t = defineWords(zh, () => import('../locales/en.kinds'))

const keyOf = (kind: string): string => kind.replace(/\.v\d+$/, '').replace('.', '_')

/** What happened, in plain words; the name of the kind when a later release knows more than this page. */
export function kindName(kind: string): string {
  const key = keyOf(kind)
  return Object.hasOwn(zh, key) ? t(key as keyof typeof zh) : kind
}

/** All kinds that have words, as the API names them, by those words. */
export const kinds = (): { kind: string; name: string }[] =>
  Object.keys(zh).map((key) => ({ kind: `${key.replace('_', '.')}.v1`, name: t(key as keyof typeof zh) }))
