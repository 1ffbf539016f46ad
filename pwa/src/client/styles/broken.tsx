import { useEffect, useState } from "preact/hooks";
import { Icon } from "../elements/icon";
import { readVersion } from "../http/styles";
import { desk, edit, legible, listed } from "./desk";
import { words } from "./words";

/** The stored document cannot be used: why, what serves instead, and both side by side. */
export function BrokenNote() {
  const style = listed.value;
  const labels = words().broken;
  if (!style?.fault || !desk.value) return null;
  const serves = style.version === "0" ? labels.servesBuiltin : labels.serves(style.version);
  return (
    <section class="styles-broken" aria-label={labels.title}>
      <h2>
        <Icon name="warning" /> {labels.title}
      </h2>
      <p class="fault">{style.fault}</p>
      <p>
        {serves} {labels.hint}
      </p>
      {style.version !== "0" && style.version !== desk.value.base.version && (
        <LastGood name={style.name} version={style.version} />
      )}
    </section>
  );
}

function LastGood({ name, version }: { name: string; version: string }) {
  const [good, setGood] = useState<string | null>(null);
  const [unkept, setUnkept] = useState(false);
  const labels = words().broken;
  useEffect(() => {
    let outdated = false;
    readVersion(name, version).then(
      (stored) => !outdated && setGood(legible(stored).text),
      () => !outdated && setUnkept(true),
    );
    return () => {
      outdated = true;
    };
  }, [name, version]);
  if (unkept) return <p class="quiet">{labels.unkept}</p>;
  return (
    <div class="styles-texts">
      <Text title={labels.stored(desk.value?.base.version ?? "")}>
        {desk.value?.base.text ?? ""}
      </Text>
      <Text title={labels.good(version)}>{good ?? "…"}</Text>
      <button
        type="button"
        class="styles-take"
        disabled={good === null}
        onClick={() => edit("good", good ?? "")}
      >
        {labels.take}
      </button>
    </div>
  );
}

function Text({ title, children }: { title: string; children: string }) {
  return (
    <figure>
      <figcaption>{title}</figcaption>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, by the keyboard too */}
      <pre tabIndex={0}>{children}</pre>
    </figure>
  );
}
