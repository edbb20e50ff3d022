// SPDX-License-Identifier: Apache-2.0

import { defineWords } from '@/shared/i18n'
import zh from '../locales/zh-CN.console'

export const t = defineWords(zh, () => import('../locales/en.console'))

/** How an entry came in. */
export const channelName = (channel: string): string =>
  channel in zh.channel ? t(`channel.${channel as keyof typeof zh.channel}`) : channel
