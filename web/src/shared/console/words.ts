// SPDX-License-Identifier: Apache-2.0

import { defineWords } from '@/shared/i18n'
import zh from './locales/zh-CN'

/** Words that every page of the console uses. */
export const c = defineWords(zh, () => import('./locales/en'))
