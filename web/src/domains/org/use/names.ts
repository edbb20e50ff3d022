// SPDX-License-Identifier: Apache-2.0

import { defineWords } from '@/shared/i18n'
import zh from '../locales/zh-CN.names'

const t = defineWords(zh, () => import('../locales/en.names'))

const known = <T extends object>(words: T, name: string): name is keyof T & string => Object.hasOwn(words, name)

/** A permission in plain words; its name when a later release knows more than this page. */
export function permName(perm: string): string {
  const name = perm.replace('.', '_')
  return known(zh.perm, name) ? t(`perm.${name}`) : perm
}

/** A role in plain words. */
export function roleName(role: string): string {
  return known(zh.role, role) ? t(`role.${role}`) : role
}

/** What a role is for, in one sentence. */
export function roleNote(role: string): string {
  return known(zh.note, role) ? t(`note.${role}`) : ''
}

/** A supervisory tag in plain words. */
export function lineName(line: string): string {
  return known(zh.line, line) ? t(`line.${line}`) : line
}

/** A kind of unit in plain words. */
export function kindName(kind: string): string {
  return known(zh.kind, kind) ? t(`kind.${kind}`) : kind
}
