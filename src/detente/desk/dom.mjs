// Elements of the page, made and filled with text; nothing is ever read as markup.

export function element(id) { return document.getElementById(id); }

export function make(tag, properties = {}, ...children) {
  const made = Object.assign(document.createElement(tag), properties);
  made.append(...children);
  return made;
}

/** A sentence whose numbers stay beside their units. */
export function unbroken(text) {
  return text.replaceAll(" %", "\u00a0%").replaceAll("US$ ", "US$\u00a0")
    .replaceAll(" million", "\u00a0million").replaceAll(" billion", "\u00a0billion");
}

/** Items of a list, a sentence each. */
export const items = (sentences) => sentences.map((text) => make("li", { textContent: unbroken(text) }));

/** A menu with its label; `options` by value. */
export function menu({ id, label, options, value, change }) {
  const select = make("select", { id });
  for (const [name, text] of options) select.append(make("option", { value: name, textContent: text, selected: name === value }));
  select.addEventListener("input", () => change(select.value));
  return make("div", { className: "slider" }, make("label", { textContent: label, htmlFor: id }), select);
}
