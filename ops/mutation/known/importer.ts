import { equivalent, faster, forTypes } from './survivor.ts'

export const importer = [
  forTypes(
    'importer/csv/check.ts',
    ["value: values[position] ?? ''", 'value: values[position] ?? "Stryker was here!"'],
    ["columns[0]?.inFile ?? ''", 'columns[0]?.inFile ?? "Stryker was here!"'],
    ['columns[0]?.inFile', 'columns[0].inFile'],
    ['columnsOf(table)[position]?.inFile', 'columnsOf(table)[position].inFile'],
  ),
  equivalent('A file without a column that it must have is refused before.')('importer/csv/check.ts', [
    'absent !== undefined',
    'true',
  ]),
  equivalent('A table without products has no children that ask for them.')('importer/csv/check.ts', [
    'product === -1 ?',
    'false ?',
  ]),
  forTypes(
    'importer/csv/parse.ts',
    ['data[first]?.length', 'data[first].length'],
    ["cell?.endsWith('\\r')", "cell.endsWith('\\r')"],
    ['line?.endsWith', 'line.endsWith'],
    ['row[0]?.trim', 'row[0].trim'],
  ),
  equivalent('Papa finds out that such a text has only LF.')('importer/csv/parse.ts', [
    "if (!text.includes('\\r')) return Papa.parse<string[]>(text, { delimiter: ',', newline: '\\n' })",
    "if (!text.includes('\\r')) return Papa.parse<string[]>(text, { delimiter: ',', newline: \"\" })",
  ]),
  faster(
    'importer/csv/parse.ts',
    ["if (!text.includes('\\r'))", 'if (false)'],
    ["if (!text.includes('\\r'))", 'if (!text.includes(""))'],
    ['!otherThanCrlf.test(text)', 'false'],
    ["if (!cell?.endsWith('\\r'))", 'if (false)'],
    ["if (!cell?.endsWith('\\r'))", 'if (!cell?.endsWith(""))'],
    ["if (cell.includes('\\n'))", 'if (true)'],
    ["if (cell.includes('\\n'))", 'if (cell.includes(""))'],
  ),
  faster(
    'importer/csv/records.ts',
    ['Math.min(this.#parseLength * 2, maxParseLength)', 'Math.max(this.#parseLength * 2, maxParseLength)'],
    ['Math.min(this.#parseLength * 2, maxParseLength)', 'Math.min(this.#parseLength / 2, maxParseLength)'],
  ),
  faster(
    'importer/columns.ts',
    ['return cell.charCodeAt(0) > 48 && cell.trimEnd() === cell ?', 'return false ?'],
    ['if (digit < 0 || digit > 9)', 'if (true)'],
    ['digit < 0', 'digit <= 0'],
    ['digit < 0', 'digit >= 0'],
    ['digit > 9', 'digit >= 9'],
    ['cell.charCodeAt(index) - 48', 'cell.charCodeAt(index) + 48'],
    ["cell === 'null'", 'false'],
  ),
].flat()
