/** The editor in the page's colours: custom properties follow light and dark. */

import { HighlightStyle } from "@codemirror/language";
import { EditorView } from "@codemirror/view";
import { tags } from "@lezer/highlight";

export const highlighting = HighlightStyle.define([
  { tag: tags.propertyName, color: "var(--ink)", fontWeight: "600" },
  { tag: tags.string, color: "var(--good)" },
  { tag: [tags.number, tags.bool, tags.null], color: "var(--ember)" },
  { tag: [tags.separator, tags.squareBracket, tags.brace], color: "var(--ink-2)" },
]);

const popup = {
  border: "1px solid var(--line)",
  borderRadius: "6px",
  background: "var(--sheet)",
  color: "var(--ink)",
  boxShadow: "var(--shadow)",
};

export const theme = EditorView.theme({
  "&": { height: "100%", background: "var(--sheet)", color: "var(--ink)", fontSize: "13px" },
  "&.cm-focused": { outline: "2px solid var(--focus)", outlineOffset: "-2px" },
  ".cm-scroller": { fontFamily: "var(--mono)", lineHeight: "1.55" },
  ".cm-content": { caretColor: "var(--ink)", padding: "8px 0" },
  ".cm-gutters": { border: "0", background: "transparent", color: "var(--ink-2)" },
  ".cm-activeLine": { background: "color-mix(in srgb, var(--sunken) 60%, transparent)" },
  ".cm-line::selection, .cm-line ::selection": { background: "var(--ember-wash)" },
  ".cm-matchingBracket, &.cm-focused .cm-matchingBracket": {
    background: "transparent",
    outline: "1px solid var(--edge)",
  },
  ".cm-tooltip": popup,
  ".cm-tooltip.cm-tooltip-autocomplete > ul": { fontFamily: "var(--mono)", maxHeight: "14em" },
  ".cm-tooltip.cm-tooltip-autocomplete > ul > li": { padding: "3px 8px" },
  ".cm-tooltip-autocomplete ul li[aria-selected]": {
    background: "var(--ember)",
    color: "var(--on-ember)",
  },
  ".cm-completionDetail": { color: "inherit", fontStyle: "normal", opacity: "0.8" },
  ".cm-completionInfo": { ...popup, maxWidth: "280px", padding: "6px 10px" },
  ".cm-diagnostic": { padding: "5px 10px", whiteSpace: "pre-wrap" },
  ".cm-diagnostic-error": { borderLeft: "4px solid var(--bad)" },
  ".cm-panels": {
    borderTop: "1px solid var(--line)",
    background: "var(--sunken)",
    color: "var(--ink)",
  },
  ".cm-panel.cm-panel-lint ul [aria-selected]": {
    background: "var(--ember-wash)",
    color: "var(--ink)",
  },
  ".cm-panel.cm-panel-lint ul:focus [aria-selected]": {
    background: "var(--ember-wash)",
    color: "var(--ink)",
  },
  ".cm-panel.cm-panel-lint button[name=close]": {
    color: "var(--ink)",
    font: "inherit",
    padding: "0 6px",
  },
  ".cm-color": {
    display: "inline-block",
    width: "10px",
    height: "10px",
    marginRight: "6px",
    border: "1px solid var(--edge)",
    borderRadius: "2px",
  },
});
