/** Line icons on a grid of 20; they take the colour of the text around them. */

const PATHS = {
  /** As in `public/icons/kiln.svg`. */
  kiln: "M3 17V9.5a7 7 0 0 1 14 0V17z M7 14v-2 M10 14V8.5 M13 14v-3.5",
  chart: "M3 3v14h14 M6 12l3.5-4 3 2.5L17 5",
  gallery: "M3 3h6v6H3z M11 3h6v6h-6z M3 11h6v6H3z M11 11h6v6h-6z",
  styles: "M4 16l1-4 8.5-8.5a2 2 0 0 1 3 3L8 15z M11.5 5.5l3 3",
  jobs: "M10 3l7 4-7 4-7-4z M3 10.5l7 4 7-4 M3 14l7 4 7-4",
  events: "M3 10h4l4-5h5 M7 10l4 5h5 M14 3l2 2-2 2 M14 13l2 2-2 2",
  settings: "M3 6h7 M14 6h3 M3 14h3 M10 14h7 M12 4v4 M8 12v4",
  copy: "M7 7h9v9H7z M4 13V4h9",
  check: "M4 10.5l4 4 8-9",
  download: "M10 3v9 M6 9l4 4 4-4 M4 16h12",
  upload: "M10 13V4 M6 7.5L10 4l4 3.5 M4 16h12",
  trash: "M4 6h12 M8 6V4h4v2 M6 6l1 10h6l1-10",
  warning: "M10 3l8 14H2z M10 8v4 M10 14.5v.5",
  search: "M9 3a6 6 0 1 0 0 12A6 6 0 0 0 9 3z M13.5 13.5L17 17",
  history: "M4 5v4h4 M4.5 8.5A6.5 6.5 0 1 1 4 12 M10 6.5V10l2.5 2",
  plus: "M10 4v12 M4 10h12",
  up: "M10 16V4 M5 9l5-5 5 5",
  down: "M10 4v12 M5 11l5 5 5-5",
  link: "M8.5 11.5a3.2 3.2 0 0 0 4.6 0l2.6-2.6a3.2 3.2 0 0 0-4.6-4.6l-1 1 M11.5 8.5a3.2 3.2 0 0 0-4.6 0l-2.6 2.6a3.2 3.2 0 0 0 4.6 4.6l1-1",
  code: "M7 6l-4 4 4 4 M13 6l4 4-4 4",
  back: "M4 10h12 M9 5l-5 5 5 5",
  rename: "M4 16l1-4 8-8a1.8 1.8 0 0 1 3 3l-8 8z M11 6l3 3",
  duplicate: "M7 7h9v9H7z M4 13V4h9 M11.5 9.5v4 M9.5 11.5h4",
  wait: "M10 3a7 7 0 1 0 0 14a7 7 0 0 0 0-14z M10 6v4.5l3 1.5",
  fresh: "M16 10a6 6 0 1 1-2-4.5 M14.5 2.5v3.2h-3.2",
  chevron: "M8 5l5 5-5 5",
  undo: "M7 5L3.5 8.5L7 12 M4 8.5h8a4 4 0 0 1 0 8h-3",
  redo: "M13 5l3.5 3.5L13 12 M16 8.5H8a4 4 0 0 0 0 8h3",
  keep: "M5 3h10v14l-5-3.5L5 17z",
  minus: "M4 10h12",
  number: "M8 3L6.5 17 M13.5 3L12 17 M4 7.5h13 M3 12.5h13",
  date: "M3.5 5h13v12h-13z M3.5 8.5h13 M7 3v3 M13 3v3",
  text: "M4 5h12 M10 5v11 M8 16h4",
  grip: "M8 5v.01 M8 10v.01 M8 15v.01 M12 5v.01 M12 10v.01 M12 15v.01",
  bell: "M4.5 14h11l-1.5-2V9a4 4 0 0 0-8 0v3z M8.5 16.5a1.6 1.6 0 0 0 3 0",
  close: "M5 5l10 10 M15 5L5 15",
} as const;

export type IconName = keyof typeof PATHS;

/** A drawing beside a word; hidden from screen readers, which read the word. */
export function Icon({ name }: { name: IconName }) {
  return (
    <svg class="icon" viewBox="0 0 20 20" width="20" height="20" aria-hidden="true">
      <path d={PATHS[name]} />
    </svg>
  );
}
