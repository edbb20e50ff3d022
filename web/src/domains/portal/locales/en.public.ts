// SPDX-License-Identifier: Apache-2.0

import type { Widen } from '@/shared/i18n'
import type zh from './zh-CN.public'

const en: Widen<typeof zh> = {
  home: {
    title: 'Home',
    heroPlace: 'Work safety in {place}',
    hero: 'See a hazard? Photograph it, report it',
    heroText: 'No account and no name needed. Every report is checked, put right and verified, and you can follow it with your query code.',
    report: 'Report a hazard',
    reportText: 'With photos, in a minute or two',
    follow: 'Follow a report',
    followText: 'See how far it is with your query code',
    call: 'Report by phone',
    callText: 'If you prefer to talk to someone',
    campaign: 'Now running',
    campaignPast: 'The last campaign',
    campaignDays: '{starts} to {ends}',
    campaignMore: 'Programme and progress',
    figures: 'Found and put right together',
    figuresNote: 'Since {from}, counted from the records of every single report. The numbers move by themselves.',
    figuresEmpty: 'Nothing has been reported yet. The first report could be yours.',
    how: 'How it works',
    how1: 'Take a photo, say what is wrong',
    how1Text: 'Photograph the hazard, choose the place, write a sentence or two. Nothing is lost without a network.',
    how2: 'It is checked and must be put right',
    how2Text: 'Staff check it and set a deadline for whoever is responsible.',
    how3: 'Someone else verifies, you are told',
    how3Text: 'Nobody verifies their own repair. A hazard is closed only when verified, and your query code shows it.',
  },
  about: {
    title: 'Help and privacy',
    help: 'Help',
    helpPhotos: 'How to take the photos',
    helpPhotosText: 'One from afar that shows the place, one close up that shows the problem; nine at most. Your own safety comes first: do not step into danger for a photo.',
    helpOffline: 'Without a network',
    helpOfflineText: 'Fill in and press send as usual. The report is kept on your phone and goes out when the network is back; you may close the page, sending goes on next time you open it.',
    helpCode: 'If you lost the query code',
    helpCodeText: 'Open “Follow a report” on the same phone: it lists what was reported from it. On another phone, call 12350 or 12345.',
    helpLarge: 'If the text is too small',
    helpLargeText: 'Press “Large text” at the top of the page; “Normal text” brings it back.',
    privacy: 'Privacy',
    privacyWhat: 'What we ask for',
    privacyWhatText: 'Only what describes the hazard: photos, place, words. Your name, phone number and position are optional and used only to check this report.',
    privacyPhotos: 'Data inside photos',
    privacyPhotosText: 'Photos are redrawn on your phone: the place, time and device hidden in them are not sent.',
    privacyWho: 'Who sees it',
    privacyWhoText: 'Your name and number are stored encrypted. Only the staff who handle this hazard see them, each look is recorded, and the organisation you report is not told.',
    privacyPhone: 'What stays on your phone',
    privacyPhoneText: 'Unsent reports, query codes, and your choice of language and text size. If others use the phone, wipe them under “Follow a report”. This site uses no outside statistics, advertising or maps.',
    complaint: 'Complaints and suggestions',
    complaintText: 'If you are not satisfied with the result, or have a remark about this site, call 12345 and give the hazard number; for violations of work safety law call 12350.',
  },
  missing: {
    title: 'There is no such page',
    text: 'The address may be mistyped, or the page has been taken down.',
    home: 'Home page',
  },
}

export default en
