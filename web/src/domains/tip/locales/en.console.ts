// SPDX-License-Identifier: Apache-2.0

import type { Widen } from '@/shared/i18n'
import type zh from './zh-CN.console'

const en: Widen<typeof zh> = {
  keysTitle: 'Keys of tip-offs',
}

export default en
