const en = {
  tableLabel: "The data",
  firstRows: (shown: string, all: string) => `The first ${shown} of ${all} rows`,
  typeOf: (name: string) => `Type of ${name}`,
  misfits: (count: number, name: string, type: string) =>
    count === 1
      ? `1 cell of “${name}” is no ${type} and left out`
      : `${count} cells of “${name}” are no ${type} and left out`,
  misfitPlaces: (places: string) => `: ${places}`,
  misfitAt: (row: string, text: string) => `“${text}” in row ${row}`,
  howRead: "How it is read",
  separator: "Separator",
  separators: { ",": "Comma", ";": "Semicolon", "\t": "Tab", "|": "Bar" },
  decimal: "Decimals",
  decimals: { ".": "1,234.56", ",": "1.234,56" },
  dateOrder: "Dates",
  dateOrders: { dmy: "day.month.year", mdy: "month/day/year", ymd: "year-month-day" },
  header: "First line",
  headers: { names: "Names of columns", values: "Values" },
  found: (what: string) => `${what} (found)`,
};

export default en;
export type Words = typeof en;
