import { moment } from "../../language/formats";
import { session } from "../../session/session";
import { goodUntil, SPANS, type Span, span } from "./embedding";
import { words } from "./words";

/** Who sees an embedded picture, and for how long: where people sign in, an address is signed. */
export function EmbedReach() {
  const { goodFor, spans, embedHint, signedHint } = words();
  if (!session.value?.identity) return <p class="quiet">{embedHint}</p>;
  return (
    <>
      <p class="quiet">{signedHint}</p>
      <label class="export-span">
        {goodFor}
        <select
          value={span.value}
          onChange={({ currentTarget }) => {
            span.value = currentTarget.value as Span;
          }}
        >
          {(Object.keys(SPANS) as Span[]).map((one) => (
            <option key={one} value={one}>
              {spans[one]}
            </option>
          ))}
        </select>
      </label>
    </>
  );
}

/** Until when the last copied address is good. */
export function GoodUntil() {
  const until = goodUntil.value;
  const said = until ? words().until(moment(until)) : until === null ? words().unsigned : "";
  return (
    <p class="quiet" role="status">
      {said}
    </p>
  );
}
