import type { ReactNode } from 'react';
import type { FieldError } from '../../api/types';
import css from './fields.module.css';

/** What is wrong with a field, where its input can name it as its description. */
export function FieldMessages({
  id,
  errors,
  children,
}: {
  id: string;
  errors: readonly FieldError[];
  children?: ReactNode;
}) {
  return (
    <div id={id} className={css['messages']}>
      {errors.map((error) => (
        <p key={`${error.code}${error.detail}`} className={css['error']}>
          {error.detail}
        </p>
      ))}
      {children}
    </div>
  );
}
