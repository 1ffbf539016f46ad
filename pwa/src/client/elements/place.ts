/** Where the keyboard is, when what it was at goes away. */

import type { RefObject } from "preact";
import { useLayoutEffect, useRef } from "preact/hooks";

/** Return a ref; when its element goes away with the focus, what `next` finds then has it. */
export function usePlace<Held extends HTMLElement>(
  next: () => HTMLElement | null | undefined,
): RefObject<Held | null> {
  const ref = useRef<Held>(null);
  useLayoutEffect(() => {
    const held = ref.current;
    return () => {
      if (held?.contains(document.activeElement)) requestAnimationFrame(() => takeUp(next));
    };
  }, []);
  return ref;
}

function takeUp(next: () => HTMLElement | null | undefined): void {
  const { activeElement, body } = document;
  if (activeElement === body || activeElement === null) next()?.focus();
}
