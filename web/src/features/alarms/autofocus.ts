/** The browser's own mark of what a dialog focuses first; React would focus it before the dialog is open. */
export function autofocus(element: HTMLElement | null): void {
  element?.setAttribute('autofocus', '');
}
