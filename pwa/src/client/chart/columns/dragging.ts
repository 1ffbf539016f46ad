/** Columns are carried from their chips to the parts that they are to play. */

const TYPE = "application/x-plotkiln-column";

/** Take a column up. */
export function carry(event: DragEvent, name: string): void {
  event.dataTransfer?.setData(TYPE, name);
  event.dataTransfer?.setData("text/plain", name);
}

/** Tell whether it is a column that is carried, and not a file. */
export function carriesColumn(event: DragEvent): boolean {
  return event.dataTransfer?.types.includes(TYPE) ?? false;
}

/** Return what lets an element take columns. */
export function receiving(take: (name: string) => void) {
  return {
    onDragOver: (event: DragEvent) => {
      if (!carriesColumn(event)) return;
      event.preventDefault();
      mark(event, true);
    },
    onDragLeave: (event: DragEvent) => mark(event, false),
    onDrop: (event: DragEvent) => {
      mark(event, false);
      const name = event.dataTransfer?.getData(TYPE);
      if (!name) return;
      event.preventDefault();
      take(name);
    },
  };
}

function mark(event: DragEvent, isOver: boolean): void {
  if (event.currentTarget instanceof HTMLElement) {
    event.currentTarget.classList.toggle("is-over", isOver);
  }
}
