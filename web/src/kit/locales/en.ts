// SPDX-License-Identifier: Apache-2.0

import type { Widen } from '@/shared/i18n'
import type zh from './zh-CN'

const en: Widen<typeof zh> = {
  optional: '(optional)',
  over: '{n} {n:character|characters} too many, please shorten',
  loading: 'Loading',
  ratio: '{num} of {den}',
  yuan: '¥{n}',
  figure: {
    reported: 'reported',
    closed: 'put right and closed',
    rate: 'put right, of those that must be',
    overdue: 'went past the deadline',
    major: 'major hazards',
    fund: 'set aside for repairs',
    joined: 'organisations take part',
  },
  counting: 'Earlier records are still being counted; the numbers will grow.',
  retry: 'Try again',
  close: 'Close',
  trace: 'When you ask for help, quote {id}',
  header: {
    name: 'Anlan · Work Safety Month',
    home: 'Home page',
    skip: 'Skip to content',
    large: 'Large text',
    normal: 'Normal text',
    english: '中文',
    englishLong: '切换到中文',
    languageFailed: 'No connection: the language cannot be changed now.',
  },
  phones: {
    '12350': 'Work safety reports',
    '12345': 'Public services',
    '119': 'Fire and rescue',
    '96119': 'Fire hazard reports',
  },
  photos: {
    add: 'Take or choose photos',
    more: 'Add another',
    left: '{n} more {n:photo|photos} possible',
    full: 'All {n} photos added',
    one: 'Photo {i}',
    remove: 'Remove photo {i}',
    reading: 'Preparing',
    sending: 'Sending {percent}%',
    sent: 'Sent',
    kept: 'Kept on this phone',
    failed: 'Waiting to send',
    refused: 'Not accepted',
    retry: 'Send photo {i} again',
    unreadable: '“{name}” is not a photo that can be shown and was not added.',
    tooMany: 'At most {n} photos; the others were not added.',
  },
  region: {
    choose: 'Choose a place',
    change: 'Change',
    title: 'Choose a place',
    last: 'Last time: {name}',
    search: 'Find on this level',
    top: 'All China',
    here: 'Choose “{name}”',
    none: 'Nothing found for “{words}”. Try another word.',
    empty: 'There is nothing below this place.',
    path: 'Chosen so far',
  },
}

export default en
