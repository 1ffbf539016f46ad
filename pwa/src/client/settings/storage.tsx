import { signal } from "@preact/signals";
import { bytes, number } from "../language/formats";
import { countStored, forgetRecent } from "../pictures/stored";
import { notify } from "../shell/notices";
import { database } from "../store/database";
import { askToPersist, isNearlyFull, measureSpace, type Space, space } from "../store/space";
import { words } from "./words";

const counted = signal({ charts: 0, recent: 0 });

/** Count what is stored, and measure it. */
export async function countPictures(): Promise<void> {
  const [charts, { recent }] = await Promise.all([
    database().then((kept) => kept.count("charts")),
    countStored(),
    measureSpace(),
  ]);
  counted.value = { charts, recent };
}

/** What is stored on this device, and what can be done about it. */
export function Storage() {
  const { charts, recent } = counted.value;
  return (
    <>
      {space.value ? <Used measured={space.value} /> : <p>{words().unmeasured}</p>}
      <dl class="settings-facts">
        <div>
          <dt>{words().kept}</dt>
          <dd>{number(charts)}</dd>
        </div>
        <div>
          <dt>
            {words().recent}
            <span class="quiet">{words().recentHint}</span>
          </dt>
          <dd>
            {number(recent)}
            <button
              type="button"
              aria-label={words().forgetRecent}
              disabled={recent === 0}
              onClick={() => void forget(recent)}
            >
              {words().forget}
            </button>
          </dd>
        </div>
        {space.value && <Protection measured={space.value} />}
      </dl>
    </>
  );
}

function Used({ measured }: { measured: Space }) {
  const { used, quota } = measured;
  const full = isNearlyFull(measured);
  const said = words().used(bytes(used), bytes(quota));
  return (
    <div class="settings-used">
      <meter aria-label={words().storage} min={0} max={quota} high={quota * 0.9} value={used}>
        {said}
      </meter>
      <p class="quiet">{said}</p>
      {full && <p class="warning">{words().nearlyFull}</p>}
    </div>
  );
}

function Protection({ measured: { persisted } }: { measured: Space }) {
  return (
    <div class="settings-wide">
      <dt>
        {words().protection}
        <span class="quiet">{persisted ? words().persisted : words().unpersisted}</span>
      </dt>
      <dd>
        {!persisted && (
          <button type="button" onClick={() => void protect()}>
            {words().protect}
          </button>
        )}
      </dd>
    </div>
  );
}

async function protect(): Promise<void> {
  await askToPersist();
  if (!space.value?.persisted) notify(words().refused);
}

/** Nothing is lost by it, so that there is nothing to undo: each is drawn again. */
async function forget(recent: number): Promise<void> {
  await forgetRecent();
  await countPictures();
  notify(words().forgotten(recent));
}
