import { type Signal, signal } from "@preact/signals";
import type { ComponentChildren, ComponentType } from "preact";
import { useEffect } from "preact/hooks";

/**
 * Return a component that is fetched when it is first shown; until then its room is kept free.
 *
 * `until` is what stands there: a height in pixels, about what the component takes, or a drawing.
 */
export function lazy<Props extends object>(
  load: () => Promise<ComponentType<Props>>,
  until: number | (() => ComponentChildren),
): ComponentType<Props> {
  const loaded: Signal<ComponentType<Props> | null> = signal(null);
  const fetchOnce = () => {
    load()
      .then((component) => {
        loaded.value = component;
      })
      .catch((error: unknown) => console.warn("a part of the view could not be loaded", error));
  };
  return function Lazy(props: Props) {
    useEffect(() => {
      if (!loaded.value) fetchOnce();
    }, []);
    const Component = loaded.value;
    if (Component) return <Component {...props} />;
    return typeof until === "number" ? <div style={{ minHeight: `${until}px` }} /> : until();
  };
}
