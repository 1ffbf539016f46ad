import { type Signal, signal } from "@preact/signals";
import type { ComponentType } from "preact";
import { useEffect } from "preact/hooks";

/**
 * Return a component that is fetched when it is first shown; until then its room is kept free.
 *
 * `height` is in pixels: about what the component takes.
 */
export function lazy<Props extends object>(
  load: () => Promise<ComponentType<Props>>,
  height: number,
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
    return Component ? <Component {...props} /> : <div style={{ minHeight: `${height}px` }} />;
  };
}
