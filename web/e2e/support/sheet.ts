// SPDX-License-Identifier: Apache-2.0

import { crc32 } from 'node:zlib'

const space = 'http://schemas.openxmlformats.org'
const head = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'

/** The smallest workbook with one sheet of text cells. */
export function workbook(rows: readonly (readonly string[])[]): Buffer {
  return zip({
    '[Content_Types].xml':
      `<Types xmlns="${space}/package/2006/content-types">` +
      '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>' +
      '<Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/>' +
      '<Override PartName="/xl/worksheets/sheet1.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/></Types>',
    '_rels/.rels':
      `<Relationships xmlns="${space}/package/2006/relationships">` +
      `<Relationship Id="r1" Type="${space}/officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>`,
    'xl/workbook.xml':
      `<workbook xmlns="${space}/spreadsheetml/2006/main" xmlns:r="${space}/officeDocument/2006/relationships">` +
      '<sheets><sheet name="Sheet1" sheetId="1" r:id="r1"/></sheets></workbook>',
    'xl/_rels/workbook.xml.rels':
      `<Relationships xmlns="${space}/package/2006/relationships">` +
      `<Relationship Id="r1" Type="${space}/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet1.xml"/></Relationships>`,
    'xl/worksheets/sheet1.xml': `<worksheet xmlns="${space}/spreadsheetml/2006/main"><sheetData>${rows.map(row).join('')}</sheetData></worksheet>`,
  })
}

function row(cells: readonly string[], y: number): string {
  const cell = (text: string, x: number): string =>
    `<c r="${String.fromCharCode(65 + x)}${y + 1}" t="inlineStr"><is><t>${escape(text)}</t></is></c>`
  return `<row r="${y + 1}">${cells.map(cell).join('')}</row>`
}

const escape = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;')

/** An archive of stored (not compressed) files. */
function zip(files: Record<string, string>): Buffer {
  const bodies: Buffer[] = []
  const directory: Buffer[] = []
  let offset = 0
  for (const [name, xml] of Object.entries(files)) {
    const data = Buffer.from(head + xml)
    const facts = factsOf(name, data)
    const local = Buffer.concat([le32(0x04034b50), facts, Buffer.from(name), data])
    directory.push(Buffer.concat([le32(0x02014b50), le16(20), facts, Buffer.alloc(10), le32(offset), Buffer.from(name)]))
    bodies.push(local)
    offset += local.length
  }
  const list = Buffer.concat(directory)
  const n = le16(directory.length)
  return Buffer.concat([...bodies, list, le32(0x06054b50), Buffer.alloc(4), n, n, le32(list.length), le32(offset), le16(0)])
}

/** What the head of a file and its line in the directory have in common. */
function factsOf(name: string, data: Buffer): Buffer {
  const dated = Buffer.from([0, 0, 0x21, 0x58]) // 2024-01-01
  const sizes = [crc32(data), data.length, data.length].map(le32)
  return Buffer.concat([le16(20), le16(0x0800), le16(0), dated, ...sizes, le16(Buffer.byteLength(name)), le16(0)])
}

function le16(n: number): Buffer {
  const b = Buffer.alloc(2)
  b.writeUInt16LE(n)
  return b
}

function le32(n: number): Buffer {
  const b = Buffer.alloc(4)
  b.writeUInt32LE(n)
  return b
}
