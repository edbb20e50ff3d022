// SPDX-License-Identifier: Apache-2.0

/** Line icons on a 24 × 24 grid, drawn for Anlan: one path each, stroked in the colour of the text. */
export const icons = {
  inbox: 'M4 13h4l1.5 3h5L16 13h4M4 13 6.5 5h11L20 13v6H4z',
  hazards: 'M12 4 21 20H3zM12 10v5M12 17.5v.5',
  tips: 'M4 6h16v12H4zM4 6.5l8 6.5 8-6.5',
  campaigns: 'M6 3v18M6 4h12l-2.5 4L18 12H6',
  figures: 'M4 20h16M7 20v-6M12 20V6M17 20v-9',
  units: 'M4 20V7l8-3 8 3v13M4 20h16M9 20v-4h6v4M8.5 10.5h1M14.5 10.5h1',
  system: 'M12 9a3 3 0 1 0 0 6 3 3 0 0 0 0-6zM12 3v3M12 18v3M3 12h3M18 12h3M5.6 5.6l2.2 2.2M16.2 16.2l2.2 2.2M5.6 18.4l2.2-2.2M16.2 7.8l2.2-2.2',
  menu: 'M4 7h16M4 12h16M4 17h16',
  close: 'M6 6l12 12M18 6 6 18',
  search: 'M11 5a6 6 0 1 0 0 12 6 6 0 0 0 0-12zM15.5 15.5 20 20',
  place: 'M12 21s7-6.2 7-11a7 7 0 0 0-14 0c0 4.8 7 11 7 11zM12 7.5a2.5 2.5 0 1 0 0 5 2.5 2.5 0 0 0 0-5z',
  person: 'M12 4a4 4 0 1 0 0 8 4 4 0 0 0 0-8zM4.5 20c1-4 4-5.5 7.5-5.5s6.5 1.5 7.5 5.5',
  clock: 'M12 4a8 8 0 1 0 0 16 8 8 0 0 0 0-16zM12 8v4.5l3 2',
  check: 'M5 12.5 10 17.5 19 7',
  right: 'M9 5l7 7-7 7',
  left: 'M15 5l-7 7 7 7',
  plus: 'M12 5v14M5 12h14',
  download: 'M12 4v11M7.5 11 12 15.5 16.5 11M5 19.5h14',
  photo: 'M4 7h3.5L9 5h6l1.5 2H20v12H4zM12 9.5a3.5 3.5 0 1 0 0 7 3.5 3.5 0 0 0 0-7z',
  pencil: 'M5 19l1-4L16 5l3 3L9 18zM14 7l3 3',
  info: 'M12 4a8 8 0 1 0 0 16 8 8 0 0 0 0-16zM12 11v5M12 8v.5',
} as const

export type IconName = keyof typeof icons
