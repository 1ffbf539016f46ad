import { Dialog } from "../elements/dialog";
import { acting, listing } from "./shortcuts";
import { words } from "./words";

const MOD = /Mac|iP/.test(navigator.userAgent) ? "⌘" : "Ctrl";

/** Every key that does something here. */
export function ShortcutList() {
  return (
    <Dialog open={listing.value} title={words().shortcuts} onClose={() => (listing.value = false)}>
      <dl class="keys">
        {acting.value.map(({ key, label }) => (
          <div key={key}>
            <dt>
              {key.split("+").map((part) => (
                <kbd key={part}>{part === "Mod" ? MOD : part}</kbd>
              ))}
            </dt>
            <dd>{label()}</dd>
          </div>
        ))}
      </dl>
    </Dialog>
  );
}
