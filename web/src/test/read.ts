/** What a person reads in the document: text with plain spaces, values of fields, descriptions. */

export function textOf(element: Element | null | undefined): string {
  return (element?.textContent ?? '').replace(/\s+/g, ' ').trim();
}

export function fieldValue(field: Element): string {
  if (!(field instanceof HTMLInputElement)) throw new Error('not an input');
  return field.value;
}

export function describedBy(field: Element): string {
  return textOf(document.getElementById(field.getAttribute('aria-describedby') ?? ''));
}
