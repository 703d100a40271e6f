/** Going into a field by key: what is typed there takes the place of what it holds, as after Tab. */
export function goInto(control: HTMLElement | null | undefined): void {
  control?.focus()
  if (control instanceof HTMLInputElement && control.type === 'text') control.select()
}
