import { Icon } from "../../elements/icon";
import { number } from "../../language/formats";
import { isFormer, type Picture } from "../../pictures/pictures";
import { shown } from "../../pictures/shown";
import { newStyle } from "./drawing";
import { words } from "./words";

/** One quiet line: which style, in what state, how long it took, what to know. */
export function Line() {
  const picture = shown.value;
  return (
    <div class="preview-line">
      <p role="status">{picture && <Style picture={picture} />}</p>
      {picture && <Took picture={picture} />}
      {picture && picture.warnings.length > 0 && <Warnings warnings={picture.warnings} />}
    </div>
  );
}

function Style({ picture }: { picture: Picture }) {
  const { style, state } = picture;
  if (isFormer(picture)) {
    return (
      <span class="warning">
        <Icon name="wait" /> {words().former(style)}
      </span>
    );
  }
  if (state === "stale") {
    return (
      <span class="warning">
        <Icon name="warning" /> {words().stale(style)}
      </span>
    );
  }
  if (newStyle.value === style) return <strong>{words().styleChanged(style)}</strong>;
  return (
    <>
      {style} <span aria-hidden="true">·</span> {words().states[state]}
    </>
  );
}

function Took({ picture: { took, stored } }: { picture: Picture }) {
  const time = words().milliseconds(number(took, 0));
  return <span class="preview-took">{stored ? `${time}, ${words().fromStore}` : time}</span>;
}

function Warnings({ warnings }: { warnings: readonly string[] }) {
  return (
    <details class="preview-warnings">
      <summary class="warning">
        <Icon name="warning" /> {words().warnings(warnings.length)}
      </summary>
      <ul>
        {warnings.map((warning) => (
          <li key={warning}>{warning}</li>
        ))}
      </ul>
    </details>
  );
}
