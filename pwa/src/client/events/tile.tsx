import { Icon } from "../elements/icon";
import type { Problem } from "../http/problems";
import { number } from "../language/formats";
import { type Counter, counter, counterTrouble } from "./counter";
import { words } from "./words";
import "./tile.css";

/** The size of the odometer's picture, kept free until it is there. */
const WIDTH = 280;
const HEIGHT = 64;

/** The hit counter that ships: its number, its picture, its page. */
export function Tile() {
  const { title, open } = words().counter;
  const away = counterTrouble.value?.status === 404;
  return (
    <section class="sheet events-tile" aria-label={title}>
      <div class="events-odometer">
        {!away && <Odometer picture={counter.value?.picture ?? null} />}
      </div>
      <div class="events-total">
        <h2>{title}</h2>
        <Told />
      </div>
      {!away && (
        <a class="button" href="/hits/">
          <Icon name="link" /> {open}
        </a>
      )}
    </section>
  );
}

function Odometer({ picture }: Pick<Counter, "picture">) {
  if (!picture) return <span class="quiet events-drums">{"0".repeat(7)}</span>;
  const alt = words().counter.alt(number(picture.number));
  return <img src={picture.src} width={WIDTH} height={HEIGHT} alt={alt} />;
}

function Told() {
  const { drawing, label, none } = words().counter;
  const known = counter.value;
  const trouble = counterTrouble.value;
  if (trouble && (trouble.status === 404 || !known)) return <p>{saidOf(trouble)}</p>;
  if (!known) return <p> </p>;
  if (known.total === 0) return <p>{none}</p>;
  return (
    <p>
      <strong>{number(known.total)}</strong> {label}{" "}
      {!known.picture && <span class="quiet">{drawing}</span>}
    </p>
  );
}

function saidOf({ kind, message, status }: Problem): string {
  const { away, fault, offline } = words().counter;
  if (status === 404) return away;
  return kind === "offline" ? offline : fault(message);
}
