// Elements made and kept in step in few lines, and what every pane is.

type Child = Node | string | null | false | undefined;

interface Props {
  class?: string;
  title?: string;
  role?: string;
  tabIndex?: number;
  disabled?: boolean;
  hidden?: boolean;
  data?: { [name: string]: string };
  aria?: { [name: string]: string };
  set?: { [attribute: string]: string };
  on?: { [K in keyof HTMLElementEventMap]?: (event: HTMLElementEventMap[K]) => void };
}

/** Makes an element. Strings become text, never markup. */
export function h<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  props: Props = {},
  ...children: Child[]
): HTMLElementTagNameMap[K] {
  const element = document.createElement(tag);
  if (props.class) element.className = props.class;
  if (props.title) element.title = props.title;
  if (props.role) element.setAttribute("role", props.role);
  if (props.tabIndex !== undefined) element.tabIndex = props.tabIndex;
  if (props.disabled) element.setAttribute("disabled", "");
  if (props.hidden) element.hidden = true;
  for (const [name, value] of Object.entries(props.data ?? {})) element.dataset[name] = value;
  for (const [name, value] of Object.entries(props.aria ?? {}))
    element.setAttribute(`aria-${name}`, value);
  for (const [name, value] of Object.entries(props.set ?? {})) element.setAttribute(name, value);
  for (const [name, listener] of Object.entries(props.on ?? {}))
    element.addEventListener(name, listener as EventListener);
  element.append(
    ...children.filter((child) => child !== null && child !== false && child !== undefined),
  );
  return element;
}

/** Makes an element of a drawing; `class` and all others are attributes. */
export function drawn<K extends keyof SVGElementTagNameMap>(
  tag: K,
  attributes: { [name: string]: string | number } = {},
  ...children: (SVGElement | string)[]
): SVGElementTagNameMap[K] {
  const element = document.createElementNS("http://www.w3.org/2000/svg", tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, String(value));
  element.append(...children);
  return element;
}

/** A button whose name is its text, or its label where it shows only a sign. */
export function button(text: string, press: () => void, props: Props = {}): HTMLButtonElement {
  const element = h("button", props, text);
  element.type = "button";
  element.addEventListener("click", press);
  return element;
}

/** Text that selects something when pressed. */
export function link(text: string, press: () => void, title?: string): HTMLButtonElement {
  return button(text, press, { class: "link", ...(title ? { title } : {}) });
}

/** A pane draws one view of the state and reports what is wanted upward. */
export interface Pane<View> {
  dom: HTMLElement;
  update(view: View): void;
  dispose?(): void;
}

/**
 * Keeps one element per item, in order: an element stays while its item's key stays, so focus
 * and scrolling survive.
 */
export function keyedList<Item, Element extends HTMLElement>(
  parent: HTMLElement,
  keyOf: (item: Item) => string | number,
  make: (item: Item) => Element,
  change: (element: Element, item: Item, index: number) => void,
): (items: Item[]) => void {
  let known = new Map<string | number, Element>();
  return (items) => {
    const next = new Map<string | number, Element>();
    let after: ChildNode | null = parent.firstChild;
    for (const [index, item] of items.entries()) {
      const key = keyOf(item);
      const element = known.get(key) ?? make(item);
      next.set(key, element);
      change(element, item, index);
      if (element === after) after = after.nextSibling;
      else parent.insertBefore(element, after);
    }
    for (const [key, element] of known) if (next.get(key) !== element) element.remove();
    known = next;
  };
}

/** Sets text only where it differs, so that a screen reader and a selection are not disturbed. */
export function setText(element: HTMLElement, text: string): void {
  if (element.textContent !== text) element.textContent = text;
}
