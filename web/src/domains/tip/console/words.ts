// SPDX-License-Identifier: Apache-2.0

import { defineWords } from '@/shared/i18n'
import zh from '../locales/zh-CN.console'

export const t = defineWords(zh, () => import('../locales/en.console'))
