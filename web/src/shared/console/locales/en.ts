// SPDX-License-Identifier: Apache-2.0

import type { Widen } from '@/shared/i18n'
import type zh from './zh-CN'

const en: Widen<typeof zh> = {
  clock: {
    overdue: 'overdue by {days} {days:day|days}',
    today: 'due today',
    soon: 'due in {days} {days:day|days}',
    later: 'due in {days} {days:day|days}',
    until: 'until {day} 24:00 Beijing time',
  },
  list: {
    loading: 'Loading…',
    pick: 'Select {name}',
    pickAll: 'Select all that is shown',
    stale: 'There is news: show it from the top',
    more: 'Load more',
    shown: '{n} shown',
    all: 'all shown',
  },
  error: {
    retry: 'Try again',
    trace: 'If you need help, give the number {trace} to the administrator.',
    fields: 'Please correct these:',
  },
  form: {
    save: 'Save',
    send: 'Send',
    cancel: 'Cancel',
    close: 'Close',
    back: 'Back',
    edit: 'Edit',
    remove: 'Delete',
    copy: 'Copy',
    copied: 'Copied',
    optional: ' (optional)',
    required: 'required',
    fillIn: 'Please fill this in.',
    amend: 'This is not right yet; please change it.',
    draft: 'What you type is kept on this page; you can leave and come back.',
    yes: 'Yes',
    no: 'No',
    search: 'Type to search',
    nothing: 'Nothing found; try another word',
    choose: 'Choose',
    colon: ': ',
  },
  photo: {
    add: 'Add photos',
    remove: 'Remove photo {n}',
    nth: 'Photo {n}',
    sending: 'Uploading…',
    failed: 'Not uploaded: {why}',
    again: 'Upload again',
    limit: 'Up to {max} photos of at most {mb} MB each; JPEG, PNG or WebP. Time and place stored in a photo are taken out and kept sealed.',
    unreadable: 'This file is not a photo that can be opened. Choose another one.',
    open: 'View larger: {name}',
    previous: 'Previous',
    next: 'Next',
  },
  compare: {
    label: 'Before and after; move the divider with the left and right arrow keys',
    before: 'Before',
    after: 'After',
    value: '{n}% of the photo before is shown',
  },
  conflict: {
    title: 'Somebody else has just worked on this',
    text: 'What you typed is still here. Look at the latest state first, then decide whether to send it.',
    reload: 'Show the latest state',
  },
}

export default en
