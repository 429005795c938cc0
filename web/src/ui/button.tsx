import type { ButtonHTMLAttributes } from 'react';
import css from './button.module.css';

type Props = ButtonHTMLAttributes<HTMLButtonElement> & { look?: 'plain' | 'bar' | 'strong' };

/** A real button; `type="button"` unless told otherwise. */
export function Button({ look = 'plain', className, type = 'button', ...rest }: Props) {
  return <button type={type} className={[css['button'], css[look], className].filter(Boolean).join(' ')} {...rest} />;
}
