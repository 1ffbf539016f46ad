import type { Cell, Column, Table } from "../../charts/draft";
import { number } from "../../language/formats";
import { words } from "./words";

/** Rows that are shown: enough to see whether the table was read well. */
const SHOWN = 200;

/** The first rows as they were read. */
export function TableView({ table }: { table: Table }) {
  const shown = Math.min(SHOWN, table.rows);
  return (
    <div class="data-table">
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keys */}
      <section class="data-scroll" tabIndex={0} aria-label={words().tableLabel}>
        <table>
          <thead>
            <tr>
              {table.columns.map(({ name, type }) => (
                <th key={name} scope="col" data-type={type}>
                  {name}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {Array.from({ length: shown }, (_, row) => (
              <Row key={row} columns={table.columns} row={row} />
            ))}
          </tbody>
        </table>
      </section>
      {shown < table.rows && (
        <p class="quiet">{words().firstRows(number(shown, 0), number(table.rows, 0))}</p>
      )}
    </div>
  );
}

function Row({ columns, row }: { columns: readonly Column[]; row: number }) {
  return (
    <tr>
      {columns.map(({ name, type, values }) => (
        <td key={name} data-type={type}>
          {written(values[row] ?? null)}
        </td>
      ))}
    </tr>
  );
}

function written(cell: Cell): string {
  return typeof cell === "number" ? number(cell, 12) : (cell ?? "");
}
