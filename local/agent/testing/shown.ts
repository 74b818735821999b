/** Everything that a class shows. A class with private members is no interface by itself. */
export type Shown<T> = Pick<T, keyof T>;
