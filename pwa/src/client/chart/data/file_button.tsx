import { useRef } from "preact/hooks";
import { Icon } from "../../elements/icon";
import { takeFile } from "./taking";

const TYPES = ".csv,.tsv,.txt,.json,text/csv,text/tab-separated-values,text/plain,application/json";

/** Asks for a file, in the browser's own way. */
export function FileButton({ label }: { label: string }) {
  const input = useRef<HTMLInputElement>(null);
  return (
    <>
      <button type="button" onClick={() => input.current?.click()}>
        <Icon name="upload" /> {label}
      </button>
      <input
        ref={input}
        type="file"
        hidden
        aria-label={label}
        accept={TYPES}
        onChange={({ currentTarget }) => {
          void takeFile(currentTarget.files?.[0]);
          currentTarget.value = "";
        }}
      />
    </>
  );
}
