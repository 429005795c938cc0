import { useEffect, useState } from 'react';
import { painted } from './painted';

/** Whether people see the component's first picture: what that does not need is better asked for later. */
export function usePainted(): boolean {
  const [isPainted, setPainted] = useState(false);
  useEffect(() => {
    let isGone = false;
    void painted().then(() => {
      if (!isGone) setPainted(true);
    });
    return () => {
      isGone = true;
    };
  }, []);
  return isPainted;
}
