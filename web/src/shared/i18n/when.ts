// SPDX-License-Identifier: Apache-2.0

import { locale, type Locale } from './index'

/** Times are shown in Beijing time, whatever the device's zone is. */
const timeZone = 'Asia/Shanghai'

const formats = new Map<string, Intl.DateTimeFormat>()

function format(l: Locale, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const key = l + JSON.stringify(options)
  const known = formats.get(key)
  if (known) return known
  const made = new Intl.DateTimeFormat(l === 'en' ? 'en-GB' : 'zh-CN', { timeZone, ...options })
  formats.set(key, made)
  return made
}

/** "2026年6月16日", "16 June 2026"; a plain day ("2026-06-16") or a moment. */
export function showDay(when: string | Date): string {
  return format(locale.value, { year: 'numeric', month: 'long', day: 'numeric' }).format(moment(when))
}

/** "6月16日", "16 June": a day whose year is plain from its surroundings. */
export function showShortDay(when: string | Date): string {
  return format(locale.value, { month: 'long', day: 'numeric' }).format(moment(when))
}

/** The last day of a deadline. A deadline of whole days is the midnight after its last day. */
export function showDeadline(when: string): string {
  return showDay(new Date(new Date(when).getTime() - 1))
}

/** "2026/06/16 09:30": a moment to the minute. */
export function showTime(when: string | Date): string {
  const options: Intl.DateTimeFormatOptions = {
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
    hour12: false,
  }
  return format(locale.value, options).format(moment(when))
}

/** The day in Beijing at a moment, as "2026-06-16". */
export function dayOf(when: Date): string {
  return format('en', { year: 'numeric', month: '2-digit', day: '2-digit' }).format(when).split('/').reverse().join('-')
}

/** 12345 as "12,345". */
export function showNumber(n: number): string {
  return n.toLocaleString(locale.value === 'en' ? 'en-GB' : 'zh-CN')
}

/** A plain day is read as noon in Beijing, so that no zone moves it. */
function moment(when: string | Date): Date {
  if (when instanceof Date) return when
  return new Date(/^\d{4}-\d{2}-\d{2}$/.test(when) ? `${when}T12:00:00+08:00` : when)
}
